import { request } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { Collector } from '#lib/devices/metrics/collector.ts';
import { parseExposition } from '#lib/devices/metrics/testing-exposition.ts';
import { openTestMetrics } from '#lib/devices/metrics/testing-metrics.ts';
import { type MetricsPlace, serveMetrics } from './metrics-server.ts';

async function setup(place: Partial<MetricsPlace> = {}, nodes = 1) {
  const { collector } = await openTestMetrics({ nodes });
  const server = present(await serveMetrics({ port: 0, token: null, ...place }, collector), 'a server');
  onTestFinished(() => server.close());
  return { ...server, collector };
}

describe('GET /metrics', () => {
  test('is what a scraper reads: the type, its version, and the whole text', async () => {
    const { url } = await setup({}, 30);
    const response = await fetch(`${url}/metrics`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect(parseExposition(await response.text()).get('DCGM_FI_DEV_GPU_TEMP')?.series).toHaveLength(480);
  });

  test('with a query is answered too', async () => {
    const { url } = await setup();
    expect((await fetch(`${url}/metrics?format=prometheus`)).status).toBe(200);
  });

  test('asks for the token where there is one', async () => {
    const { url } = await setup({ token: 'a-token-of-some-length' });
    const status = async (authorization?: string): Promise<number> =>
      (await fetch(`${url}/metrics`, authorization === undefined ? {} : { headers: { authorization } })).status;
    expect([await status(), await status('Bearer a-token-of-some-lengtH'), await status('Basic x')]).toEqual([
      401, 401, 401,
    ]);
    expect(await status('Bearer a-token-of-some-length')).toBe(200);
  });

  test('that is broken off half way harms nobody', async () => {
    const { url } = await setup({}, 30);
    await new Promise<void>((resolve) => {
      const scrape = request(`${url}/metrics`, (response) => {
        response.once('data', () => {
          scrape.destroy();
          resolve();
        });
      });
      scrape.on('error', () => resolve());
      scrape.end();
    });
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
  });

  test('is 500 when collecting fails, and the server goes on', async () => {
    let isBroken = true;
    const collector = new Collector(
      () => {
        if (isBroken) throw new TypeError('a bug');
        return [];
      },
      () => 0,
    );
    const { url, close } = present(await serveMetrics({ port: 0, token: null }, collector), 'a server');
    onTestFinished(close);
    expect((await fetch(`${url}/metrics`)).status).toBe(500);
    isBroken = false;
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
  });
});

test.each([
  ['GET', '/', 200],
  ['GET', '/metric', 404],
  ['GET', '//metrics', 404],
  ['GET', '/metrics/', 404],
  ['POST', '/metrics', 405],
  ['HEAD', '/metrics', 405],
  ['DELETE', '/', 405],
  ['POST', '/else', 404],
])('%s %s is %i', async (method, path, status) => {
  const { url } = await setup();
  expect((await fetch(`${url}${path}`, { method })).status).toBe(status);
});

test('a port that is taken is no reason to stop', async () => {
  const { url, collector } = await setup();
  expect(await serveMetrics({ port: Number(new URL(url).port), token: null }, collector)).toBeNull();
});

test('closing does not wait for who has not finished reading', async () => {
  const { url, close } = await setup({}, 30);
  const response = await fetch(`${url}/metrics`);
  const reader = present(response.body, 'body').getReader();
  await reader.read();
  await close();
  await expect(fetch(`${url}/metrics`)).rejects.toThrow();
});
