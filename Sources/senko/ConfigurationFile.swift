import Foundation

/// Settings for every run, in a file: lines like `SENKO_DATA=/srv/senko`, with the names that the environment
/// has for them.
///
/// The file is `$SENKO_CONFIG`, or `senko/senko.conf` in `$XDG_CONFIG_HOME` (`~/.config`), or
/// `/etc/senko.conf`: the first that is there. What the environment sets already stays, so that flags come
/// before the environment, the environment before the file, and the file before what is built in.
enum ConfigurationFile {
  /// The settings that a file may hold.
  static let names: Set<String> = [
    "SENKO_DATA", "SENKO_WORKER", "SENKO_LANG", "SENKO_ALLOWED_ORIGINS", "SENKO_ALLOWED_NETWORKS",
    "SENKO_TRUST_FORWARDED_FOR", "SENKO_DOCS_ASSETS", "SENKO_MAXIMUM_BODY", "SENKO_JWT_SECRET",
    "SENKO_JWT_SECRET_PREVIOUS", "SENKO_TLS_CERTIFICATE", "SENKO_TLS_KEY",
  ]

  /// Sets what the file says and the environment does not.
  ///
  /// - Throws: `Refusal` that names the line which is no setting, or the file which `SENKO_CONFIG` names and
  ///   which cannot be read.
  static func apply() throws {
    let environment = ProcessInfo.processInfo.environment
    guard let path = path(environment) else { return }
    for (name, value) in try settings(in: try readText(path), of: path)
    where environment[name] == nil {
      unsafe setenv(name, value, 1)
    }
  }

  private static func path(_ environment: [String: String]) -> String? {
    if let named = environment["SENKO_CONFIG"] { return named.isEmpty ? nil : named }
    let home = environment["XDG_CONFIG_HOME"] ?? environment["HOME"].map { $0 + "/.config" }
    let places = [home.map { $0 + "/senko/senko.conf" }, "/etc/senko.conf"]
    return places.compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0) }
  }

  /// Reads settings; blank lines and lines that begin with `#` say nothing.
  static func settings(in text: String, of path: String) throws -> [(name: String, value: String)] {
    var settings: [(name: String, value: String)] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let line = line.trimmingCharacters(in: .whitespaces)
      if line.isEmpty || line.hasPrefix("#") { continue }
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = parts[0].trimmingCharacters(in: .whitespaces)
      guard parts.count == 2, names.contains(name) else {
        throw Refusal(
          "Line \(index + 1) of '\(path)' is no setting. Write NAME=VALUE, where NAME is one of "
            + "\(names.sorted().joined(separator: ", ")).")
      }
      settings.append((name, parts[1].trimmingCharacters(in: .whitespaces)))
    }
    return settings
  }
}
