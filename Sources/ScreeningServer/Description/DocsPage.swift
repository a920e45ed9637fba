import HTTPTypes
import Screening

/// The routes as a page that needs nothing from anywhere else.
enum DocsPage {
  /// The files that the page with Swagger UI loads.
  static let assets = ["start.js", "swagger-ui-bundle.js", "swagger-ui.css"]

  /// The page that shows the OpenAPI document by Swagger UI, all from this server.
  static let swagger = """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8"><title>senko 選考 — API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css"></head>
    <body><div id="swagger-ui"></div><script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script></body></html>

    """

  /// Starts Swagger UI, which else would ask a validator elsewhere.
  static let start = """
    SwaggerUIBundle({url: "/openapi.json", dom_id: "#swagger-ui", validatorUrl: null});

    """

  /// What Swagger UI needs, and nothing from anywhere else.
  static let swaggerPolicy = """
    default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; frame-ancestors 'none'
    """

  /// The plain list of routes.
  static let html: String = {
    let rows = Endpoint.allCases.map { endpoint in
      let parameters = (endpoint.captures + endpoint.query).map { "\($0.name): \($0.meaning)" }
      let said = parameters.map { "<li>\(escaped($0))</li>" }.joined()
      return """
        <tr><td><code>\(endpoint.method.rawValue)</code></td>
        <td><code>\(escaped(endpoint.template))</code></td>
        <td>\(escaped(endpoint.description.summary))<ul>\(said)</ul></td>
        <td>\(escaped(audience(endpoint.access)))</td></tr>
        """
    }
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>senko 選考 — API</title>
      <style>body{font-family:sans-serif;margin:2em}td{vertical-align:top;padding:.3em .8em}</style>
      </head><body><h1>senko 選考 — API</h1>
      <p>The same as OpenAPI 3.1: <a href="/openapi.json">/openapi.json</a>.</p>
      <table>\(rows.joined(separator: "\n"))</table></body></html>

      """
  }()

  private static func audience(_ access: Access) -> String {
    switch access {
    case .everyone: "everyone"
    case .refreshToken: "a refresh token"
    case .roles(let roles): roles.map(\.rawValue).sorted().joined(separator: ", ")
    case .thisMachineOr(let roles):
      "this machine; elsewhere " + roles.map(\.rawValue).sorted().joined(separator: ", ")
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
