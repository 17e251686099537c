// Lets Mozilla's scanner loose on a FoodMood of this machine: `node scan.mjs LIBRARY PORT KEY CERTIFICATE SESSION`.
//
// The scanner insists on a public name with the usual ports. So its sockets to that name are led to a proxy in here
// that ends TLS, as a real one would, and that adds the session's cookie where a page is personal.
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { pathToFileURL } from "node:url";

const [library, port, key, certificate, session] = process.argv.slice(2);
const HOST = "food.example.org";
let cookie = "";

function proxy(scheme) {
  return (request, response) => {
    const headers = { ...request.headers, "x-forwarded-proto": scheme, "x-forwarded-for": "203.0.113.9" };
    headers.cookie = [request.headers.cookie, cookie].filter(Boolean).join("; ");
    const onward = http.request(
      { host: "127.0.0.1", port, path: request.url, method: request.method, headers },
      (answer) => {
        response.writeHead(answer.statusCode, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    request.pipe(onward);
  };
}

const servers = {
  80: http.createServer(proxy("http")),
  443: https.createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, proxy("https")),
};
for (const server of Object.values(servers)) await new Promise((done) => server.listen(0, "127.0.0.1", done));

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function led(...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (options.host === HOST) {
    options.port = servers[options.port].address().port;
    options.host = "127.0.0.1";
  }
  return connect.apply(this, args);
};

const { scan } = await import(pathToFileURL(`${library}/src/scanner/index.js`));
const results = {};
for (const [page, its] of Object.entries({ "the sign-in page": "", Today: `__Host-sessionid=${session}` })) {
  cookie = its;
  const { scan: outcome, tests } = await scan(HOST);
  results[page] = {
    grade: outcome.grade,
    score: outcome.score,
    status: outcome.statusCode,
    where: tests.redirection.destination,
    tests: Object.fromEntries(
      Object.entries(tests).map(([name, test]) => [name, [test.result, test.scoreModifier]]),
    ),
  };
}
console.log(JSON.stringify(results));
process.exit(0);
