/** What the vendor's manual asks for after an XID. */
export type XidRecovery = 'restart_app' | 'restart_app_then_reset' | 'device_reset' | 'os_reboot' | 'cold_reboot';

/**
 * One line of an architecture's table. Likely causes are letters: H hardware, D driver, U user program, M system
 * memory, B bus, T thermal, F framebuffer.
 */
export type XidRow = readonly [code: number, client: string, event: string, causes: string, recovery: XidRecovery];
