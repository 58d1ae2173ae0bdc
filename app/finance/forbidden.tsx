import { ForbiddenView } from '#components/layout/absence.tsx';

// biome-ignore lint/style/noDefaultExport: Next takes this file's default export
export default function Forbidden() {
  return <ForbiddenView home="/finance" />;
}
