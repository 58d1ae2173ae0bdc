'use client';

import { Tabs as Base } from '@base-ui/react/tabs';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';

const LIST = 'flex gap-5 overflow-x-auto border-b border-line';
const TAB = cn(
  '-mb-px flex h-10 items-center border-b-2 border-transparent text-sm whitespace-nowrap text-ink-2 hover:text-ink',
  'focus-visible:rounded-sm focus-visible:-outline-offset-2',
);
const CHOSEN = 'border-accent font-medium text-ink';

export type Tab = { readonly value: string; readonly label: string; readonly content: ReactNode };

/** Parts of one page, one in sight at a time. For parts that deserve an address of their own, use {@link TabLinks}. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <Base.Root defaultValue={tabs[0]?.value ?? null}>
      <Base.List aria-label={label} className={LIST}>
        {tabs.map(({ value, label: text }) => (
          <Base.Tab
            key={value}
            value={value}
            className={cn(TAB, 'data-active:border-accent data-active:font-medium data-active:text-ink')}
          >
            {text}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map(({ value, content }) => (
        <Base.Panel key={value} value={value} className="pt-4">
          {content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}

export type TabLink = { readonly href: string; readonly label: string; readonly isChosen: boolean };

/** Views of one thing, each with its own address: filters, states, sub-pages. */
export function TabLinks({ label, links }: { label: string; links: readonly TabLink[] }) {
  return (
    <nav aria-label={label} className={LIST}>
      {links.map(({ href, label: text, isChosen }) => (
        <Link
          key={href}
          href={href}
          aria-current={isChosen ? 'page' : undefined}
          className={cn(TAB, isChosen && CHOSEN)}
        >
          {text}
        </Link>
      ))}
    </nav>
  );
}
