extension ServerConfiguration {
  /// Why a variable of the environment cannot be used: a whole sentence.
  public struct Failure: Error, CustomStringConvertible {
    /// What is wrong, and what to do.
    public let description: String
  }

  /// Takes what `environment` says.
  ///
  /// - `SENKO_ALLOWED_ORIGINS`: origins whose scripts may call, separated by commas
  /// - `SENKO_ALLOWED_NETWORKS`: networks that clients must come from, like `10.0.0.0/8,::1`
  /// - `SENKO_TRUST_FORWARDED_FOR`: `1` or `true` where a proxy in front sets `X-Forwarded-For`, else `0` or `false`
  /// - `SENKO_TLS_CERTIFICATE` and `SENKO_TLS_KEY`: PEM files to answer HTTPS with
  /// - `SENKO_DOCS_ASSETS`: a folder with Swagger UI's two files
  /// - `SENKO_MAXIMUM_BODY`: bytes that a request's body may have
  ///
  /// - Throws: `Failure` naming the variable that cannot be read.
  public mutating func apply(environment: [String: String]) throws(Failure) {
    func list(_ name: String) -> [String] {
      (environment[name] ?? "").split(separator: ",")
        .map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
    }
    allowedOrigins.formUnion(list("SENKO_ALLOWED_ORIGINS"))
    for origin in allowedOrigins where !origin.contains("://") || origin.hasSuffix("/") {
      throw Failure(
        description:
          "SENKO_ALLOWED_ORIGINS holds '\(origin)', which is no origin like https://hr.example.jp.")
    }
    for text in list("SENKO_ALLOWED_NETWORKS") {
      guard let network = Network(text) else {
        throw Failure(
          description:
            "SENKO_ALLOWED_NETWORKS holds '\(text)', which is no network like 10.0.0.0/8.")
      }
      allowedNetworks.append(network)
    }
    switch environment["SENKO_TRUST_FORWARDED_FOR"] {
    case nil: break
    case "1", "true": trustsForwardedFor = true
    case "0", "false": trustsForwardedFor = false
    case let text?:
      throw Failure(
        description:
          "SENKO_TRUST_FORWARDED_FOR is '\(text)'. Set it to 1 where a proxy in front sets X-Forwarded-For, else to 0."
      )
    }
    switch (environment["SENKO_TLS_CERTIFICATE"], environment["SENKO_TLS_KEY"]) {
    case (nil, nil): break
    case (let certificate?, let key?):
      tls = TLSFiles(certificateChain: certificate, privateKey: key)
    default:
      throw Failure(
        description: "SENKO_TLS_CERTIFICATE and SENKO_TLS_KEY belong together; one is missing.")
    }
    docsAssets = environment["SENKO_DOCS_ASSETS"] ?? docsAssets
    if let text = environment["SENKO_MAXIMUM_BODY"] {
      guard let size = Int(text), (1024...(1 << 30)).contains(size) else {
        throw Failure(
          description: "SENKO_MAXIMUM_BODY is no number of bytes from 1024 to \(1 << 30).")
      }
      maximumBodySize = size
    }
  }
}
