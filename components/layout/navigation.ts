import {
  BadgePercent,
  Banknote,
  BanknoteArrowUp,
  Bell,
  BookOpenText,
  Boxes,
  CalendarCheck2,
  CalendarPlus,
  CalendarRange,
  ChartColumn,
  ChartNoAxesColumn,
  ClipboardCheck,
  Clock,
  FileMinus2,
  FileText,
  Gauge,
  History,
  Hourglass,
  KeyRound,
  FolderKanban,
  HandCoins,
  LayoutGrid,
  ListOrdered,
  type LucideIcon,
  ReceiptText,
  Scale,
  Settings,
  ShieldCheck,
  SquareTerminal,
  Stamp,
  Ticket,
  TriangleAlert,
  Users,
  Wallet,
  Wrench,
} from 'lucide-react';
import type { Actor } from '#lib/core/context.ts';
import type { Messages } from '#lib/i18n/messages.ts';
import { isPermitted, type Permission } from '#lib/identity/permissions.ts';

type TextKeys<T> = { [K in keyof T]: T[K] extends string ? K : never }[keyof T];

export type NavigationEntry = {
  /** The entry's text, in `lib/i18n/messages/navigation.ts`. */
  readonly key: TextKeys<Messages['navigation']>;
  /** Below the console's own address. */
  readonly path: string;
  readonly Icon: LucideIcon;
  /** Who does not have it does not see the entry; the page decides again. */
  readonly permission: Permission;
  /** Only where the demo clock runs. */
  readonly isDemoOnly?: boolean;
};

export type NavigationGroup = {
  readonly title: keyof Messages['navigation']['group'] | null;
  readonly entries: readonly NavigationEntry[];
};

export const CONSOLE_NAVIGATION: readonly NavigationGroup[] = [
  {
    title: null,
    entries: [
      { key: 'overview', path: '', Icon: Gauge, permission: 'organisation:read' },
      { key: 'notices', path: '/notices', Icon: Bell, permission: 'notice:read' },
    ],
  },
  {
    title: 'compute',
    entries: [
      { key: 'book', path: '/book', Icon: CalendarPlus, permission: 'quote:create' },
      { key: 'reservations', path: '/reservations', Icon: CalendarCheck2, permission: 'reservation:read' },
      { key: 'queue', path: '/queue', Icon: ListOrdered, permission: 'job:read' },
      { key: 'workloads', path: '/workloads', Icon: SquareTerminal, permission: 'workload:read' },
    ],
  },
  {
    title: 'money',
    entries: [
      { key: 'wallet', path: '/wallet', Icon: Wallet, permission: 'wallet:read' },
      { key: 'usage', path: '/usage', Icon: ChartColumn, permission: 'usage:read' },
      { key: 'invoices', path: '/invoices', Icon: ReceiptText, permission: 'invoice:read' },
      { key: 'fapiao', path: '/fapiao', Icon: Stamp, permission: 'fapiao:read' },
    ],
  },
  {
    title: 'team',
    entries: [
      { key: 'projects', path: '/projects', Icon: FolderKanban, permission: 'project:read' },
      { key: 'members', path: '/members', Icon: Users, permission: 'member:read' },
      { key: 'apiKeys', path: '/api-keys', Icon: KeyRound, permission: 'apiKey:manage' },
      { key: 'settings', path: '/settings', Icon: Settings, permission: 'organisation:read' },
    ],
  },
];

export const OPS_NAVIGATION: readonly NavigationGroup[] = [
  { title: null, entries: [{ key: 'overview', path: '', Icon: Gauge, permission: 'inventory:read' }] },
  {
    title: 'fleet',
    entries: [
      { key: 'map', path: '/map', Icon: LayoutGrid, permission: 'inventory:read' },
      { key: 'inventory', path: '/inventory', Icon: Boxes, permission: 'inventory:read' },
      { key: 'reservations', path: '/reservations', Icon: CalendarCheck2, permission: 'inventory:read' },
      { key: 'queues', path: '/queue', Icon: ListOrdered, permission: 'queue:watch' },
      { key: 'faults', path: '/faults', Icon: TriangleAlert, permission: 'inventory:read' },
      { key: 'maintenance', path: '/maintenance', Icon: Wrench, permission: 'inventory:read' },
      { key: 'lateEvidence', path: '/late-evidence', Icon: History, permission: 'evidence:read' },
      { key: 'clock', path: '/clock', Icon: Clock, permission: 'clock:move', isDemoOnly: true },
    ],
  },
];

export const FINANCE_NAVIGATION: readonly NavigationGroup[] = [
  {
    title: null,
    entries: [
      { key: 'overview', path: '', Icon: Gauge, permission: 'period:read' },
      { key: 'approvals', path: '/approvals', Icon: ClipboardCheck, permission: 'period:read' },
    ],
  },
  {
    title: 'close',
    entries: [
      { key: 'transfers', path: '/transfers', Icon: Banknote, permission: 'bankLine:read' },
      { key: 'refunds', path: '/refunds', Icon: BanknoteArrowUp, permission: 'refund:read' },
      { key: 'arrears', path: '/arrears', Icon: Hourglass, permission: 'arrears:read' },
      { key: 'sla', path: '/sla', Icon: ShieldCheck, permission: 'sla:read' },
      { key: 'reconciliation', path: '/reconciliation', Icon: Scale, permission: 'bankLine:read' },
      { key: 'periods', path: '/periods', Icon: CalendarRange, permission: 'period:read' },
    ],
  },
  {
    title: 'documents',
    entries: [
      { key: 'invoices', path: '/invoices', Icon: FileText, permission: 'invoice:read' },
      { key: 'creditNotes', path: '/credit-notes', Icon: FileMinus2, permission: 'invoice:read' },
      { key: 'fapiao', path: '/fapiao', Icon: Stamp, permission: 'fapiao:read' },
      { key: 'receivables', path: '/receivables', Icon: HandCoins, permission: 'ledger:read' },
      { key: 'vouchers', path: '/vouchers', Icon: Ticket, permission: 'voucherProgramme:read' },
      { key: 'agreements', path: '/agreements', Icon: BadgePercent, permission: 'priceAgreement:read' },
    ],
  },
  {
    title: 'books',
    entries: [
      { key: 'ledger', path: '/ledger', Icon: BookOpenText, permission: 'ledger:read' },
      { key: 'reports', path: '/reports', Icon: ChartNoAxesColumn, permission: 'ledger:read' },
    ],
  },
];

/** The groups that an actor sees, without what their role does not open. */
export function visibleNavigation(
  groups: readonly NavigationGroup[],
  actor: Actor,
  hasDemoClock: boolean,
): NavigationGroup[] {
  return groups
    .map(({ title, entries }) => ({
      title,
      entries: entries.filter((entry) => (hasDemoClock || !entry.isDemoOnly) && isPermitted(actor, entry.permission)),
    }))
    .filter(({ entries }) => entries.length > 0);
}
