// A stranger's service (npm openid-client) that lets people sign in through us.
// Arguments: issuer, client id, redirect URI, scopes; the secret in CLIENT_SECRET.
// Prints the address to send a person to; reads the address they came back to; prints what it learned, as JSON.
import { createInterface } from "node:readline/promises";
import * as client from "openid-client";

const [issuer, id, redirectUri, scope] = process.argv.slice(2);
const secret = process.env.CLIENT_SECRET;
const config = await client.discovery(new URL(issuer), id, undefined, client.ClientSecretBasic(secret), {
  execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
});
const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const nonce = client.randomNonce();
const request = client.buildAuthorizationUrl(config, {
  redirect_uri: redirectUri,
  scope,
  state,
  nonce,
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
});
console.log(request.href);
const lines = createInterface({ input: process.stdin });
const callback = new URL((await lines[Symbol.asyncIterator]().next()).value);
lines.close();
const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
try {
  const tokens = await client.authorizationCodeGrant(config, callback, checks);
  const claims = tokens.claims();
  const info = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
  console.log(JSON.stringify({ claims, info }));
} catch (error) {
  console.log(JSON.stringify({ error: error.error ?? error.code ?? String(error) }));
}
