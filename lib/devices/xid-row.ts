/** What a vendor's manual asks for after a fault code. */
export type XidRecovery =
  | 'none'
  | 'restart_app'
  | 'restart_app_then_reset'
  | 'device_reset'
  | 'os_reboot'
  | 'cold_reboot';

/**
 * What a fault code means to us. `notice` harms nothing, `ecc_correctable` leaves jobs running; every other class ends
 * the job that met it.
 */
export type XidClass =
  | 'notice'
  | 'application'
  | 'ecc_correctable'
  | 'ecc_uncorrectable'
  | 'blocked'
  | 'interconnect'
  | 'device_lost'
  | 'unknown';

/**
 * One line of an architecture's table. Likely causes are letters: H hardware, D driver, U user program, M system
 * memory, B bus, T thermal, F framebuffer. The class stands only where it does not follow from the recovery.
 */
export type XidRow = readonly [
  code: number,
  client: string,
  event: string,
  causes: string,
  recovery: XidRecovery,
  ownClass?: XidClass,
];
