import 'server-only';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { AppShell } from '#components/layout/app-shell.tsx';
import { ConsoleSwitch } from '#components/layout/console-switch.tsx';
import {
  CONSOLE_NAVIGATION,
  FINANCE_NAVIGATION,
  OPS_NAVIGATION,
  visibleNavigation,
} from '#components/layout/navigation.ts';
import { OrganisationSwitcher } from '#components/layout/organisation-switcher.tsx';
import { SideNavigation } from '#components/layout/side-navigation.tsx';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { findViewer, personCtx } from '#lib/identity/context.ts';
import { listMyOrganisations } from '#lib/identity/organisations.ts';
import { environment } from '#lib/platform/environment.ts';
import { ClockSlot } from './clock-slot.tsx';
import { requestTheme } from './preferences.ts';
import { setLocaleAction, signOutAction } from './session-actions.ts';

const actions = { signOut: signOutAction, setLocale: setLocaleAction };

type Slots = { readonly walletSlot?: ReactNode; readonly children: ReactNode };

/** The frame of an organisation's console, around a context that `memberPage` gave. */
export async function ConsoleShell({ ctx, orgSlug, ...slots }: Slots & { ctx: Ctx; orgSlug: string }) {
  const viewer = present(await findViewer(), 'the viewer of a console');
  const organisations = await listMyOrganisations(await personCtx());
  const current = organisations.find(({ slug }) => slug === orgSlug);
  // The membership may end between the two looks at it.
  if (current === undefined) notFound();
  const base = `/console/${orgSlug}`;
  return (
    <AppShell
      home={base}
      person={{ name: viewer.name, email: viewer.email, accountHref: `${base}/settings` }}
      theme={await requestTheme()}
      actions={actions}
      switcher={
        <OrganisationSwitcher
          current={{ slug: current.slug, name: current.name }}
          organisations={organisations.map(({ slug, name }) => ({ slug, name }))}
        />
      }
      navigation={
        <SideNavigation
          base={base}
          groups={visibleNavigation(CONSOLE_NAVIGATION, ctx.actor, environment().hasDemoClock)}
        />
      }
      clockSlot={<ClockSlot ctx={ctx} />}
      {...slots}
    />
  );
}

const STAFF_CONSOLES = {
  ops: { base: '/ops', groups: OPS_NAVIGATION, name: 'opsName' },
  finance: { base: '/finance', groups: FINANCE_NAVIGATION, name: 'financeName' },
} as const;

export type StaffConsole = keyof typeof STAFF_CONSOLES;

/** The consoles that staff see something in. */
export function staffConsolesOf(ctx: Ctx): StaffConsole[] {
  const consoles = ['ops', 'finance'] as const;
  return consoles.filter((name) => visibleNavigation(STAFF_CONSOLES[name].groups, ctx.actor, false).length > 0);
}

/** The frame of one of the operator's consoles, around a context that `staffPage` gave. */
export async function StaffShell({ ctx, console: name, ...slots }: Slots & { ctx: Ctx; console: StaffConsole }) {
  const viewer = present(await findViewer(), 'the viewer of a console');
  const t = await getTranslations('navigation');
  const { base, groups } = STAFF_CONSOLES[name];
  const links = staffConsolesOf(ctx).map((other) => ({
    href: STAFF_CONSOLES[other].base,
    label: t(STAFF_CONSOLES[other].name),
    isHere: other === name,
  }));
  return (
    <AppShell
      home={base}
      note={links.length > 1 ? undefined : t(STAFF_CONSOLES[name].name)}
      person={{ name: viewer.name, email: viewer.email, accountHref: '/account' }}
      theme={await requestTheme()}
      actions={actions}
      switcher={links.length > 1 ? <ConsoleSwitch links={links} /> : undefined}
      navigation={
        <SideNavigation base={base} groups={visibleNavigation(groups, ctx.actor, environment().hasDemoClock)} />
      }
      clockSlot={<ClockSlot ctx={ctx} />}
      {...slots}
    />
  );
}
