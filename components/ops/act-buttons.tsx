import Link from 'next/link';
import type { Actor } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import {
  type ActSubject,
  type ActVerdict,
  CARD_ACTS,
  type CardAct,
  countVerdicts,
  judgeAct,
  ruleOf,
} from '#lib/inventory/lifecycle.ts';
import { buttonClass } from '../ui/button.tsx';
import { cn } from '../ui/cn.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import { actHref } from './place-text.ts';

/** Verdicts that keep an act from being done, in the order in which they are told. */
const BLOCKS = ['held', 'notWorking', 'notHealthy'] as const satisfies readonly ActVerdict[];

/** Acts that take something away look like it. */
const QUIET_DANGER: ReadonlySet<CardAct> = new Set([
  'cordon',
  'drain',
  'startMaintenance',
  'sendToRepair',
  'returnToVendor',
]);

type Offer = { readonly act: CardAct; readonly why: string | null };

/** The acts that concern some of the cards, each with why it cannot be done now. */
async function offersFor(cards: readonly ActSubject[], actor: Actor): Promise<Offer[]> {
  const t = await getTranslations('lifecycle');
  return CARD_ACTS.flatMap((act): Offer[] => {
    const counts = countVerdicts(act, cards);
    const blocked = BLOCKS.find((verdict) => counts[verdict] > 0);
    if (counts.applies === 0 && !blocked) return [];
    if (!isPermitted(actor, ruleOf(act).permission)) return [{ act, why: t('blocked.notPermitted') }];
    const isRefused = !judgeAct(counts).ok && blocked;
    return [{ act, why: isRefused ? t(`blocked.${blocked}`, { count: counts[blocked] }) : null }];
  });
}

/** A button for every act that concerns the cards; one that cannot be done says why. Each leads to what it would touch. */
export async function ActButtons({
  cards,
  target,
  actor,
}: {
  cards: readonly ActSubject[];
  target: string;
  actor: Actor;
}) {
  const t = await getTranslations('lifecycle');
  const offers = await offersFor(cards, actor);
  return (
    <ul className="flex flex-wrap gap-2">
      {offers.map(({ act, why }) => {
        const look = buttonClass({ variant: QUIET_DANGER.has(act) ? 'danger-quiet' : 'secondary' });
        if (why === null)
          return (
            <li key={act}>
              <Link href={actHref(act, target)} prefetch={false} className={look}>
                {t(`names.${act}`)}
              </Link>
            </li>
          );
        return (
          <li key={act}>
            <Tooltip text={why}>
              <button
                type="button"
                aria-disabled="true"
                aria-describedby={`why-${act}`}
                className={cn(look, 'pointer-events-auto! cursor-not-allowed')}
              >
                {t(`names.${act}`)}
              </button>
            </Tooltip>
            <span id={`why-${act}`} className="sr-only">
              {why}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
