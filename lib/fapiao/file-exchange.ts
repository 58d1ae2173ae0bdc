import { writeOrders } from './orders-file.ts';
import type { FapiaoProvider } from './provider.ts';
import { readResults } from './results-file.ts';

/** People with a file: they take the batch, issue in the tax bureau's own system, and bring the results back. */
export const fileExchange: FapiaoProvider = { writeOrders, readResults };
