import { openApiDocument } from '#lib/api/openapi.ts';
import { environment } from '#lib/platform/environment.ts';

export async function GET(): Promise<Response> {
  return Response.json(openApiDocument(environment().publicUrl));
}
