/**
 * The columns of the files that are exchanged with the tax bureau's system: by its field codes, with the headings that
 * people know. The first heading is the one that is written; all of them, and the code, are understood.
 */
export const COLUMNS = {
  xsdh: ['销售单号'],
  fplx: ['发票类型'],
  gfmc: ['购方名称'],
  gfnsrsbh: ['购方纳税人识别号'],
  gfdzdh: ['购方地址、电话'],
  gfyhjzh: ['购方开户行及账号'],
  xh: ['序号'],
  xmmc: ['项目名称'],
  spbm: ['商品和服务税收分类编码'],
  ggxh: ['规格型号'],
  dw: ['单位'],
  sl: ['数量'],
  dj: ['单价'],
  je: ['金额'],
  slv: ['税率'],
  se: ['税额'],
  jshj: ['价税合计'],
  bz: ['备注'],
  kpr: ['开票人'],
  yfphm: ['原数电票号码'],
  hzqrdh: ['红字确认单编号'],
  fphm: ['数电票号码', '发票号码', '数电发票号码'],
  kprq: ['开票日期', '开票时间'],
  sbyy: ['失败原因'],
  url: ['下载链接', '版式文件链接'],
} as const;

export type ColumnName = keyof typeof COLUMNS;
export const COLUMN_NAMES = Object.keys(COLUMNS) as ColumnName[];

/** Where each column stands in a heading. */
export function columnsIn(cells: readonly string[]): Map<ColumnName, number> {
  const found = new Map<ColumnName, number>();
  for (const name of COLUMN_NAMES) {
    const known: readonly string[] = COLUMNS[name];
    const at = cells.findIndex((cell) => known.includes(cell.trim()) || cell.trim().toLowerCase() === name);
    if (at >= 0) found.set(name, at);
  }
  return found;
}

/** The headings that are enough for a file of results. */
export const RESULT_COLUMNS = (['xsdh', 'jshj', 'fphm', 'kprq', 'sbyy', 'url'] as const).map(
  (name) => COLUMNS[name][0],
);
