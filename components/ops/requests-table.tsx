import { Wrench } from 'lucide-react';
import { getTranslations } from '#lib/i18n/server.ts';
import type { RequestState, RequestView } from '#lib/devices/request-types.ts';
import { InstantText } from '../format/instant-text.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { Badge, type Tone } from '../ui/badge.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { FAULTS, RECOVERY_WORDS } from './known-words.ts';
import { shortPath } from './place-text.ts';

const TONES = {
  waiting: 'waiting',
  taken: 'active',
  done: 'ok',
  failed: 'danger',
  interrupted: 'warn',
} as const satisfies Record<RequestState, Tone>;

async function KindText({ kind, isRecovery }: RequestView) {
  const [t, h] = [await getTranslations('ops'), await getTranslations('hardware')];
  const recovery = RECOVERY_WORDS.find((word) => word === kind);
  const fault = FAULTS.find((word) => word === kind);
  return (
    <span className="whitespace-nowrap">
      {recovery ? h(`recovery.${recovery}`) : fault ? h(`fault.${fault}`) : kind}
      {!isRecovery && <span className="ml-1.5 text-xs text-ink-3">{t('device.isFault')}</span>}
    </span>
  );
}

/** What was asked of devices, by whom, and what became of it. */
export async function RequestsTable({ requests }: { requests: readonly RequestView[] }) {
  const t = await getTranslations('ops');
  const columns: Column<RequestView>[] = [
    { key: 'kind', header: t('device.request'), cell: (row) => <KindText {...row} /> },
    {
      key: 'target',
      header: t('device.target'),
      cell: ({ cardId, serverId, serverPath, slot }) => (
        <TextLink
          href={cardId === null ? `/ops/servers/${serverId}` : `/ops/cards/${cardId}`}
          prefetch={false}
          className="num whitespace-nowrap"
        >
          {slot === null
            ? `${shortPath(serverPath)} · ${t('device.wholeServer')}`
            : t('place.slot', { path: shortPath(serverPath), slot })}
        </TextLink>
      ),
    },
    {
      key: 'result',
      header: t('device.result'),
      cell: ({ state, words }) => (
        <>
          <Badge tone={TONES[state]}>{t(`device.states.${state}`)}</Badge>
          {words !== null && <span className="ml-2 text-xs text-ink-2">{words}</span>}
        </>
      ),
    },
    { key: 'by', header: t('device.askedBy'), isWideOnly: true, cell: ({ askedBy }) => askedBy },
    {
      key: 'at',
      header: t('device.askedAt'),
      align: 'end',
      cell: ({ askedAt }) => <InstantText at={askedAt} hasSeconds />,
    },
  ];
  return (
    <DataTable
      label={t('device.requests')}
      columns={columns}
      rows={requests}
      rowKey={({ id }) => id}
      empty={<EmptyState Icon={Wrench} title={t('device.requestsNone')} />}
    />
  );
}
