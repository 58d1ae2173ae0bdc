import type { Translation } from '../shape.ts';
import * as common from './refusals-common.ts';
import * as identity from './refusals-identity.ts';
import * as ledger from './refusals-ledger.ts';

/** For every refusal: what happened, what is safe, what to do. A module's codes stand in a file of their own. */
export const zh = { ...common.zh, ...identity.zh, ...ledger.zh } as const;

export const en: Translation<typeof zh> = { ...common.en, ...identity.en, ...ledger.en };

/** Every code that can be explained to a person. A form does not compile with a refusal that is not among them. */
export type RefusalCode = keyof typeof zh;
