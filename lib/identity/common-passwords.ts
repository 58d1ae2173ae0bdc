/**
 * Passwords of at least 12 characters that head the published lists of leaked ones, and what people here type when a
 * form asks for 12: keyboard walks, doubled words, the product's own name. Lower case; shorter ones fail on length.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
  123456789012 1234567890123 12345678901234 123456789abc 1234567890abc 1234567890qwe 123456789qwe 12345678910a
  0123456789ab 012345678910 098765432109 0987654321qwe 9876543210abc 147258369147 147258369000 159753456852
  1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i q1w2e3r4t5y6 q1w2e3r4t5y6u7 1qaz2wsx3edc 1qaz2wsx3edc4rfv qazwsxedcrfv
  qazwsxedc123 qwertyuiop12 qwertyuiop123 qwertyuiop[] qwertyuiop1234567890 qwerty123456 qwerty1234567 qwerty12345678
  qwerty123456789 qwertyqwerty asdfghjkl123 asdfghjkl;' asdfghjklzxc asdfghjklqwe zxcvbnm12345 zxcvbnm123456 zxcvbnmasdfg
  qwertyuiopasdfghjkl qwertyuiopasdfghjklzxcvbnm password1234 password12345 password123456 password1234567
  passwordpassword password@123 password@1234 passw0rd1234 passw0rd12345 p@ssw0rd1234 p@ssw0rd12345 p@ssword1234
  p@ssword12345 p@$$w0rd1234 mypassword12 mypassword123 newpassword1 newpassword12 newpassword123 changeme1234
  changeme12345 changemenow1 letmein12345 letmein123456 letmeinplease welcome12345 welcome123456 welcome@1234
  iloveyou1234 iloveyou12345 iloveyouforever iloveyou520520 iloveyou5201314 woaini520520 woaini1314520 woaini5201314
  woaini123456 woaini1234567 wodemima1234 wodemima12345 wodemima123456 aini1314520. 5201314520131 520131413145
  administrator administrator1 admin1234567 admin12345678 admin123456789 admin@123456 admin@12345678 adminadmin12
  adminadmin123 adminadminadmin root12345678 root123456789 rootrootroot test12345678 test123456789 testtesttest
  testtest1234 guest1234567 user12345678 user123456789 default12345 system123456 manager12345 manager123456
  superman1234 superman12345 batman123456 football1234 football12345 baseball1234 basketball12 basketball123
  liverpool123 manchester12 manchester123 manchesterunited chocolate123 sunshine1234 sunshine12345 princess1234
  princess12345 butterfly123 michael12345 jennifer1234 jessica12345 charlie12345 daniel123456 alexander123
  computer1234 computer12345 internet1234 internet12345 security1234 security12345 trustno1trustno1 trustno12345
  correcthorsebatterystaple correct horse battery staple abcdefghijkl abcdefghijklm abcdefghijklmn abcdefg12345
  abcdefg123456 abcdefg1234567 abcd12345678 abcd123456789 abc123456789 abc1234567890 abcabcabc123 a12345678901
  a123456789012 aa123456789. aa1234567890 asd123456789 qwe123456789 zxc123456789 qweasdzxc123 qweasdzxc1234
  qwe123asd456 asdf12345678 asdfasdfasdf zaq12wsxcde3 zaq1xsw2cde3 !qaz2wsx3edc !qaz@wsx#edc 1qaz@wsx3edc 1qaz!qaz2wsx
  2wsx3edc4rfv 3edc4rfv5tgb 123qweasdzxc 123qwe123qwe 123qwe456asd 123abc456def qwer1234qwer qwer1234asdf qwer12345678
  huawei123456 huawei@12345 huawei@123456 alibaba12345 alibaba123456 tencent12345 tencent123456 taobao123456
  chinatelecom chinatelecom1 chinatelecom123 chinaunicom12 chinamobile12 shaoguan1234 shaoguan12345 guangdong123
  guangzhou123 shenzhen1234 shanghai1234 beijing12345 beijing2008beijing zhonghua1234 zhongguo1234 zhongguo12345
  woshishui123 mima12345678 mima123456789 yonghu123456 guanliyuan12 guanliyuan123 kashikashi12 kashikashi123
  kashi1234567 kashi12345678 kashi123456789 kashi@123456 kashi@2026!! kashi2026kashi zhenwu123456 zhenwu810e12
  suanli123456 suanli1234567 monkey123456 dragon123456 master123456 shadow123456 killer123456 hunter123456 ginger123456
  summer2024!! summer2025!! summer2026!! winter2024!! winter2025!! winter2026!! spring2026!! autumn2026!!
  `
    .split('\n')
    .flatMap((line) => line.trim().split(/\s+/))
    .filter((word) => word.length >= 12),
);
