import { z } from 'zod';
import { explainDto } from './explain-dto.ts';
import * as jobs from './job-schemas.ts';
import { ORIGIN_OPERATIONS } from './origin-operations.ts';
import { refundPreviewDto } from './refund-schemas.ts';
import * as schemas from './schemas.ts';
import { slaDto } from './sla-dto.ts';

type Operation = {
  readonly method: 'get' | 'post' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
  readonly query?: Readonly<Record<string, string>>;
  /** Takes an `Idempotency-Key`: the same key with the same request has one effect. */
  readonly isIdempotent?: true;
};

/** Every operation of version 1. The house test holds it against the routes that exist. */
export const OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/v1/catalog',
    summary: 'What is on sale, with the prices in force',
    answer: z.object({ skus: z.array(schemas.skuDto) }),
  },
  {
    method: 'get',
    path: '/api/v1/sla',
    summary: 'The published tables of credits for broken availability, the newest month first',
    answer: slaDto,
  },
  {
    method: 'get',
    path: '/api/v1/availability',
    summary: 'What is free per hour; a hint, the booking decides',
    query: { poolId: 'A pool of the catalog' },
    answer: schemas.availabilityDto,
  },
  {
    method: 'post',
    path: '/api/v1/quotes',
    summary: 'Price a wish; changes nothing',
    body: schemas.quoteBody,
    answer: schemas.quoteDto,
  },
  {
    method: 'get',
    path: '/api/v1/reservations',
    summary: 'Reservations, newest first',
    query: { projectId: 'Only those of a project', skip: 'How many to leave out', take: '1 to 100' },
    answer: schemas.listDto,
  },
  {
    method: 'post',
    path: '/api/v1/reservations',
    summary: 'Book what a quote priced',
    body: schemas.reserveBody,
    answer: schemas.changedDto,
    isIdempotent: true,
  },
  {
    method: 'get',
    path: '/api/v1/projects',
    summary: 'The projects of the organisation, with what they use this month',
    answer: schemas.projectsDto,
  },
  { method: 'get', path: '/api/v1/reservations/{id}', summary: 'One reservation', answer: schemas.reservationDto },
  {
    method: 'post',
    path: '/api/v1/reservations/{id}/cancel',
    summary: 'Take a booking back before it starts',
    body: schemas.emptyBody,
    answer: schemas.changedDto,
    isIdempotent: true,
  },
  {
    method: 'post',
    path: '/api/v1/reservations/{id}/release',
    summary: 'End a running reservation now',
    body: schemas.emptyBody,
    answer: schemas.changedDto,
    isIdempotent: true,
  },
  {
    method: 'get',
    path: '/api/v1/reservations/{id}/refund',
    summary: 'What a full refund of a term would give back now, and to where',
    answer: refundPreviewDto,
  },
  {
    method: 'post',
    path: '/api/v1/reservations/{id}/refund',
    summary:
      'End a running term now and get everything back that was paid: within days of its purchase, once for a SKU',
    body: schemas.emptyBody,
    answer: schemas.changedDto,
    isIdempotent: true,
  },
  {
    method: 'post',
    path: '/api/v1/reservations/{id}/extend',
    summary: 'Move the end out at the shown price',
    body: schemas.extendBody,
    answer: schemas.changedDto,
    isIdempotent: true,
  },
  {
    method: 'post',
    path: '/api/v1/reservations/{id}/auto-extend',
    summary: 'Let a reservation extend itself under a price cap, or stop that',
    body: schemas.autoExtendBody,
    answer: schemas.changedDto,
    isIdempotent: true,
  },
  {
    method: 'post',
    path: '/api/v1/reservations/{id}/shrink',
    summary: 'Give some cards back from now on',
    body: schemas.shrinkBody,
    answer: schemas.changedDto,
    isIdempotent: true,
  },
  {
    method: 'get',
    path: '/api/v1/explain/{id}',
    summary:
      'Why a reservation or a job waits or a command was refused, and what would start sooner; takes the id of any',
    answer: explainDto,
  },
  {
    method: 'get',
    path: '/api/v1/jobs',
    summary: 'Queued jobs, newest first',
    query: { skip: 'How many to leave out', take: '1 to 100' },
    answer: jobs.jobListDto,
  },
  {
    method: 'post',
    path: '/api/v1/jobs',
    summary: 'Put a job into the queue; it starts by itself when its turn comes',
    body: jobs.jobBody,
    answer: jobs.jobChangedDto,
    isIdempotent: true,
  },
  { method: 'get', path: '/api/v1/jobs/{id}', summary: 'One queued job', answer: jobs.jobDto },
  {
    method: 'delete',
    path: '/api/v1/jobs/{id}',
    summary: 'Take a waiting job back, or end a running one',
    answer: jobs.jobChangedDto,
    isIdempotent: true,
  },
  {
    method: 'post',
    path: '/api/v1/reservations/{id}/transfer',
    summary: 'Offer a reservation that has not begun to another organisation',
    body: schemas.transferBody,
    answer: schemas.changedDto,
    isIdempotent: true,
  },
  {
    method: 'post',
    path: '/api/v1/reservations/{id}/transfer/withdraw',
    summary: 'Take an offer back',
    body: schemas.emptyBody,
    answer: schemas.changedDto,
    isIdempotent: true,
  },
  {
    method: 'get',
    path: '/api/v1/transfers',
    summary: 'Reservations that others offer, the soonest first',
    answer: schemas.transfersDto,
  },
  {
    method: 'post',
    path: '/api/v1/transfers/{id}/accept',
    summary: 'Accept an offer at its price; the answer names the reservation that it becomes',
    body: schemas.acceptBody,
    answer: schemas.changedDto,
    isIdempotent: true,
  },
  ...ORIGIN_OPERATIONS,
  { method: 'get', path: '/api/v1/openapi.json', summary: 'This document', answer: z.record(z.string(), z.unknown()) },
];

const json = (schema: z.ZodType, io: 'input' | 'output') => ({
  'application/json': { schema: z.toJSONSchema(schema, { target: 'openapi-3.0', io }) },
});

function parametersOf(operation: Operation) {
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => ({
    name: match[1],
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(operation.query ?? {}).map(([name, description]) => ({
    name,
    in: 'query',
    description,
    schema: { type: 'string' },
  }));
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    schema: { type: 'string', minLength: 8, maxLength: 100 },
  };
  return [...inPath, ...inQuery, ...(operation.isIdempotent ? [key] : [])];
}

/** The OpenAPI 3.0 document of version 1, from the same schemas that check requests. */
export function openApiDocument(publicUrl: string) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of OPERATIONS) {
    const { method, path, summary, body, answer } = operation;
    const refusal = { description: 'Refused: nothing was changed', content: json(schemas.errorDto, 'output') };
    paths[path] = {
      ...paths[path],
      [method]: {
        summary,
        parameters: parametersOf(operation),
        ...(body ? { requestBody: { required: true, content: json(body, 'input') } } : {}),
        responses: { 200: { description: 'Done', content: json(answer, 'output') }, '4XX': refusal, '5XX': refusal },
      },
    };
  }
  return {
    openapi: '3.0.3',
    info: {
      title: 'Kashi API',
      version: '1',
      description:
        'Book accelerator cards by the hour and by the card. Money is 1e-8 yuan in decimal strings, times are UTC.',
    },
    servers: [{ url: publicUrl }],
    security: [{ key: [] }],
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key of an organisation' } },
    },
    paths,
  };
}
