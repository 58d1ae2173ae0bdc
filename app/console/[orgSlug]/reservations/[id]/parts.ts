import type { TenantCtx } from '#lib/core/context.ts';
import type { ReservationPage } from '#lib/reservations/detail.ts';

/** What every part of a reservation's page is given. */
export type PartProps = {
  readonly ctx: TenantCtx;
  readonly orgSlug: string;
  readonly found: ReservationPage;
  /** The page of the part's list, from 1. */
  readonly page: number;
  /** The reservation's address. */
  readonly base: string;
};
