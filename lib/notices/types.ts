import { z } from 'zod';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';

/** What an organisation is told. Each kind has a title and a text in every language. */
export const NOTICE_KINDS = [
  'arrearsWarned',
  'arrearsLastHour',
  'arrearsGrace',
  'arrearsGraceLonger',
  'arrearsStopped',
  'arrearsRetained',
  'arrearsReleased',
  'arrearsCalm',
  'arrearsPaid',
  'refundApproved',
  'refundDeclined',
  'refundPaid',
  'refundFailed',
  'slaCredited',
  'slaCreditedMore',
  'termRefunded',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** The numbers behind a notice: instants in milliseconds, money as decimal texts of 1e-8 yuan. */
export const noticeData = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));
export type NoticeData = z.infer<typeof noticeData>;

export type Notice = {
  readonly id: Id<'notice'>;
  readonly kind: NoticeKind;
  readonly data: NoticeData;
  readonly at: Instant;
  readonly readAt: Instant | null;
};

/** A notice before it is written. `sourceKey` names the cause, which gives one notice however often it is written. */
export type NewNotice = {
  readonly organisationId: Id<'organisation'>;
  readonly kind: NoticeKind;
  readonly sourceKey: string;
  readonly data: NoticeData;
};
