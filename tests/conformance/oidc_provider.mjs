// A stranger's identity provider (npm oidc-provider) in the place of the national eID.
// Arguments: port, redirect URI; the client secret in CLIENT_SECRET. Whoever types a name is that made-up person.
import Provider from "oidc-provider";

const [port, redirectUri] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const person = (level) => ({
  LoaiTaiKhoan: "1",
  loAs: level,
  SoDinhDanh: "025197004187",
  HoVaTen: "Nguyễn Thị Hồng Nhung",
  NgayThangNamSinh: "14/08/1997",
  GioiTinh: "Nữ",
  ThuDienTu: "nhung@example.org",
  SoDienThoai: "0912345678",
  ThuongTru: "Khu 4, Xã Lâm Thao, Tỉnh Phú Thọ",
  ThuongTruXa: "08494",
});
const people = { nhung: person("2"), weak: person("1") };
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "motcua",
      client_secret: process.env.CLIENT_SECRET,
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: "client_secret_basic",
    },
  ],
  claims: { openid: ["sub", ...Object.keys(people.nhung)], profile: [], email: [] },
  cookies: { keys: ["a test only"] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  pkce: { required: () => true },
});
provider.listen(Number(port), "127.0.0.1", () => console.log(`listening on ${issuer}`));
