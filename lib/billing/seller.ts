/** The legal entity that sells and bills. Example data of the demo, and it says so; its tax id passes the check of one. */
export const SELLER = {
  entity: 'KS',
  nameZh: '示例电信算力运营有限公司（演示）',
  nameEn: 'Example Telecom Compute Operations Co., Ltd. (demo)',
  taxId: '91440200EXAMPLE03K',
  address: '广东省韶关市',
} as const;
