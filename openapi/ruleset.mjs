// The rules openapi.json is linted by: Spectral's own and the OWASP API Top 10, found where Spectral
// itself is installed. Each exception has its reason.
import { oas } from "@stoplight/spectral-rulesets";
import owasp from "@stoplight/spectral-owasp-ruleset";

export default {
  extends: [oas, owasp],
  rules: {
    // Which origins may read is the operator's setting, none by default: the header is no part of
    // what an operation promises.
    "owasp:api8:2023-define-cors-origin": "off",
    // The document has no extensions. It is public, and so is the one server it names: its own.
    "owasp:api9:2023-inventory-access": "off",
    // Headlines, names and texts are written by people in any script: a pattern would be untrue.
    // Every string has a limit, and what has a grammar says so by format, pattern or enum.
    "owasp:api4:2023-string-restricted": "off",
    // OpenAPI 3.1 lets every kind of requirement list roles; the rule knows those of OAuth alone.
    // That the scheme is defined is checked by Redocly's rule of the same name.
    "oas3-operation-security-defined": "off",
  },
  overrides: [
    {
      // What watches the server is not limited, so that it never mistakes a limit for a fault.
      files: ["**#/paths/~1health~1live", "**#/paths/~1health~1ready", "**#/paths/~1metrics"],
      rules: {
        "owasp:api4:2023-rate-limit": "off",
        "owasp:api4:2023-rate-limit-responses-429": "off",
      },
    },
  ],
};
