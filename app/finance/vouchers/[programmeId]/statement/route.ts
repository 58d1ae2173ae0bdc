import { staffPage } from '#app/_edge/access.ts';
import { csvTextResponse } from '#app/_edge/download.ts';
import { findVoucherStatement } from '#lib/billing/voucher-statement.ts';

type Props = { params: Promise<{ programmeId: string }> };

/** What became of a programme's vouchers, for its issuer. */
export async function GET(_: Request, { params }: Props): Promise<Response> {
  return csvTextResponse(
    await findVoucherStatement(await staffPage('voucherProgramme:read'), (await params).programmeId),
  );
}
