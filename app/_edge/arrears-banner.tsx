import 'server-only';
import { formatInstant } from '#components/format/instant.ts';
import { formatUnits } from '#components/format/money.ts';
import { Alert } from '#components/ui/alert.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { findStanding } from '#lib/arrears/service.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Instant } from '#lib/core/instant.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';

const at = (instant: Instant | null): string => (instant === null ? '' : formatInstant(instant));

/** What every page of a console begins with while money runs short or is owed: what happens next, when, and the way out. */
export async function ArrearsBanner({ ctx, orgSlug }: { ctx: Ctx; orgSlug: string }) {
  if (!isPermitted(ctx.actor, 'wallet:read')) return null;
  const standing = await findStanding(ctx);
  if (standing === null || standing.state === 'ok') return null;
  const t = await getTranslations('arrears');
  const { state, runsOutAt, stopAt, releaseAt, owedUnits } = standing;
  const isEarly = state === 'warned' || state === 'lastHour';
  return (
    <Alert kind={isEarly ? 'warn' : 'danger'} title={t(`state.${state}`)} className="mb-6">
      {t(`banner.${state}`, {
        runsOutAt: at(runsOutAt),
        stopAt: at(stopAt),
        releaseAt: at(releaseAt),
        owed: formatUnits(owedUnits),
      })}{' '}
      {isPermitted(ctx.actor, 'payment:create') && (
        <TextLink href={`/console/${orgSlug}/wallet/top-up`}>{t('banner.topUp')}</TextLink>
      )}
    </Alert>
  );
}
