/** Prometheus' text format, version 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/. */
export const EXPOSITION_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** A metric: all its series stand together under one HELP and one TYPE line. */
export type Family = { readonly name: string; readonly type: 'gauge' | 'counter'; readonly help: string };

export type Labels = Readonly<Record<string, string>>;

/** `gpu="0",UUID="GPU-…"`, in the order given and ready to stand between braces. An empty value is no label. */
export function labelText(labels: Labels): string {
  return Object.entries(labels)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}="${escapeLabelValue(value)}"`)
    .join(',');
}

/** The two lines that stand before the series of a family. */
export function familyHead({ name, type, help }: Family): string {
  return `# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}\n# TYPE ${name} ${type}\n`;
}

/** One series: `labels` is text that {@link labelText} made. Numbers are written so that reading them back is exact. */
export function seriesLine(name: string, labels: string, value: number): string {
  return labels === '' ? `${name} ${value}\n` : `${name}{${labels}} ${value}\n`;
}

function escapeLabelValue(value: string): string {
  return /[\\"\n]/.test(value) ? value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n') : value;
}
