import { KUBELET_SOCKET, PLUGIN_VERSION } from './protocol.ts';
import type { RegisterRequest } from './messages.ts';

export type RegistrationRefusal = 'version_not_supported' | 'resource_name_invalid' | 'endpoint_invalid';

const DOMAIN = /^(?=.{1,253}\/)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\//;
const NAME = /\/[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;
/** The kubelet keeps this domain and what is below it for resources of its own. */
const OWN_DOMAIN = /(^|\.)kubernetes\.io\//;

/** What is wrong with a registration, or null. An endpoint is a bare file name: no way leads out of the folder. */
export function checkRegistration(request: RegisterRequest): RegistrationRefusal | null {
  if (request.version !== PLUGIN_VERSION) return 'version_not_supported';
  if (!isExtendedResource(request.resource_name)) return 'resource_name_invalid';
  return isSocketName(request.endpoint) ? null : 'endpoint_invalid';
}

function isExtendedResource(name: string): boolean {
  return name.split('/').length === 2 && DOMAIN.test(name) && NAME.test(name) && !OWN_DOMAIN.test(name);
}

function isSocketName(endpoint: string): boolean {
  const isBare = endpoint !== '' && !/[/\\\p{Cc}]/u.test(endpoint) && !/^\.+$/.test(endpoint);
  return isBare && endpoint !== KUBELET_SOCKET;
}
