import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { type APIRequestContext, type APIResponse, expect, type Page } from '@playwright/test';

const HOUR_MS = 3_600_000;

type Problem = { readonly error: { readonly code: string; readonly safe: string; readonly suggestion: string } };
type Sku = { readonly id: string; readonly model: string; readonly purchase: string; readonly poolId: string };

function script(name: string, args: readonly string[]): string {
  const file = path.resolve(`e2e/support/${name}.ts`);
  return execFileSync(process.execPath, ['--conditions=react-server', file, ...args], { encoding: 'utf8' });
}

/** Puts money into the wallet of an owner's organisation, as a matched bank transfer. */
export function payIn(ownerEmail: string, yuan: string): void {
  script('pay-in', [ownerEmail, yuan, `E2E-${randomBytes(6).toString('hex')}`]);
}

/** Everything that an organisation has: reservations, quotes and balances, for comparing before and after. */
export function readBooks(slug: string): unknown {
  return JSON.parse(script('read-books', [slug]));
}

/** The id under which a reservation of this name was asked for; empty where none was. */
export function readAskedId(name: string): string {
  return script('read-asked', [name]);
}

/** A key no request has used. */
export function freshKey(): string {
  return `e2e-${randomBytes(8).toString('hex')}`;
}

/** Makes an API key through the form, of a role or of the one that the form proposes, and answers its secret. */
export async function createApiKey(page: Page, slug: string, role?: 'admin' | 'member' | 'billing'): Promise<string> {
  await page.goto(`/console/${slug}/api-keys`);
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('Purpose').fill('journey');
  if (role) await page.getByRole('dialog').locator(`input[name="role"][value="${role}"]`).check();
  await page.getByRole('button', { name: 'Create key' }).click();
  const secret = await page.getByRole('dialog').locator('code').textContent();
  await page.getByRole('button', { name: 'Saved, close' }).click();
  return secret ?? '';
}

/** Version 1 of the API, as a program with a key sees it. */
export class Api {
  readonly #request: APIRequestContext;
  readonly #secret: string;

  constructor(request: APIRequestContext, secret: string) {
    this.#request = request;
    this.#secret = secret;
  }

  #headers(key: string | null): Record<string, string> {
    return {
      authorization: `Bearer ${this.#secret}`,
      'content-type': 'application/json',
      ...(key === null ? {} : { 'idempotency-key': key }),
    };
  }

  get(at: string): Promise<APIResponse> {
    return this.#request.get(`/api/v1/${at}`, { headers: this.#headers(null) });
  }

  /** Posts a body, or a text as it is; `key` null sends no Idempotency-Key. */
  post(at: string, body: unknown, key: string | null = freshKey()): Promise<APIResponse> {
    const data = typeof body === 'string' ? Buffer.from(body) : JSON.stringify(body);
    return this.#request.post(`/api/v1/${at}`, { headers: this.#headers(key), data });
  }

  /** A full hour of business time that lies so many hours ahead. */
  async hourAhead(hours: number): Promise<string> {
    const { now } = (await (await this.#request.get('/api/health')).json()) as { now: string };
    return new Date(Math.ceil(Date.parse(now) / HOUR_MS + hours) * HOUR_MS).toISOString();
  }

  async skuId(model: string, purchase: 'by-hour' | 'by-card'): Promise<string> {
    const { skus } = (await (await this.get('catalog')).json()) as { skus: Sku[] };
    const found = skus.find((sku) => sku.model.includes(model) && sku.purchase === purchase);
    expect(found, `${model} ${purchase}`).toBeDefined();
    return found?.id ?? '';
  }

  async quote(wish: Record<string, unknown>): Promise<string> {
    const response = await this.post('quotes', wish);
    expect(response.status(), await response.text()).toBe(200);
    return ((await response.json()) as { id: string }).id;
  }

  /** Books what a wish costs; answers the reservation's id. */
  async book(wish: Record<string, unknown>, name = 'journey'): Promise<string> {
    const response = await this.post('reservations', { quoteId: await this.quote(wish), name });
    expect(response.status(), await response.text()).toBe(200);
    return ((await response.json()) as { reservationId: string }).reservationId;
  }
}

/** A refusal of this code and status, with sentences that say what is safe and what to do. */
export async function expectRefused(response: APIResponse, status: number, code: string): Promise<void> {
  const body = (await response.json()) as Problem;
  expect([response.status(), body.error.code]).toEqual([status, code]);
  expect(body.error.safe.length).toBeGreaterThan(5);
  expect(body.error.suggestion.length).toBeGreaterThan(5);
}
