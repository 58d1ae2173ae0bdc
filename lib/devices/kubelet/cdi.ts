import { invariant } from '#lib/core/assert.ts';
import type { ContainerConventions } from '../containers.ts';
import type { DeviceInfo } from '../types.ts';

/** The part of the Container Device Interface that cards need. A runtime refuses fields that it does not know. */
export type CdiNode = { readonly path: string; readonly hostPath?: string; readonly permissions?: string };
export type CdiMount = {
  readonly hostPath: string;
  readonly containerPath: string;
  readonly options?: readonly string[];
  readonly type?: string;
};
export type CdiEdits = {
  readonly env?: readonly string[];
  readonly deviceNodes?: readonly CdiNode[];
  readonly mounts?: readonly CdiMount[];
};
export type CdiDevice = {
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly containerEdits: CdiEdits;
};
export type CdiContent = {
  readonly kind: string;
  readonly devices: readonly CdiDevice[];
  readonly containerEdits?: CdiEdits;
};
export type CdiSpec = CdiContent & { readonly cdiVersion: string };

/** The name of the device that is every card of the server. */
const ALL_CARDS = 'all';

const KIND = /^[A-Za-z][A-Za-z0-9_.-]*[A-Za-z0-9]\/[A-Za-z]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/;
const DEVICE_NAME = /^[A-Za-z0-9]([A-Za-z0-9_.:-]*[A-Za-z0-9])?$/;

/**
 * What a container runtime needs to know to give a container these cards by name: each by its uuid, and all at once.
 * The variables that say which cards are visible are not here, since those of two cards would overwrite each other:
 * they come with the allocation. Null without cards, as a specification must name a device.
 */
export function cdiSpec(conventions: ContainerConventions, cards: readonly DeviceInfo[]): CdiSpec | null {
  if (cards.length === 0) return null;
  const { resourceName: kind, commonNodes, nodePermissions: permissions } = conventions;
  const nodes = (paths: readonly string[]): CdiEdits => ({
    deviceNodes: paths.map((path) => ({ path, permissions })),
  });
  const content: CdiContent = {
    kind,
    devices: [
      ...cards.map(({ uuid, deviceNode }) => ({ name: uuid, containerEdits: nodes([deviceNode]) })),
      { name: ALL_CARDS, containerEdits: nodes(cards.map(({ deviceNode }) => deviceNode)) },
    ],
    ...(commonNodes.length > 0 && { containerEdits: nodes(commonNodes) }),
  };
  return { cdiVersion: lowestCdiVersion(content), ...content };
}

/** The file that holds the devices of a kind. */
export function cdiFileName(kind: string): string {
  return `${kind.replace('/', '-')}.json`;
}

/** The lowest version that has everything the content uses, so that older runtimes take it too. Throws for bad names. */
export function lowestCdiVersion({ kind, devices, containerEdits }: CdiContent): string {
  invariant(KIND.test(kind), `${kind} is no kind of CDI devices`);
  for (const { name } of devices) invariant(DEVICE_NAME.test(name), `${name} is no name of a CDI device`);
  const edits = [...devices.map((device) => device.containerEdits), containerEdits ?? {}];
  const nodes = edits.flatMap((edit) => edit.deviceNodes ?? []);
  const mounts = edits.flatMap((edit) => edit.mounts ?? []);
  const isClassDotted = kind.slice(kind.indexOf('/')).includes('.');
  if (isClassDotted || devices.some(({ annotations }) => annotations !== undefined)) return '0.6.0';
  if (nodes.some(({ hostPath }) => hostPath !== undefined) || devices.some(({ name }) => /^\d/.test(name))) {
    return '0.5.0';
  }
  return mounts.some(({ type }) => type !== undefined) ? '0.4.0' : '0.3.0';
}
