/// Digests that do not change between two workers, of files and of what is made of them.
struct DigestCache {
  /// What was asked for or computed: identity and digest, by path.
  private(set) var known: [String: String]

  init(known: [String: String]) { self.known = known }

  /// The digest of the file at `path`, computed only when it is another file than before.
  mutating func digest(ofFile path: String) -> String {
    digest(of: path, as: FileDigest.identity(path)) { FileDigest.hash(file: path) }
  }

  /// The digest of what has this name, computed only when its identity is another than before.
  mutating func digest(of name: String, as identity: String, _ compute: () -> String) -> String {
    if let entry = known[name], let cut = entry.lastIndex(of: " "), entry[..<cut] == identity {
      return String(entry[entry.index(after: cut)...])
    }
    let digest = compute()
    known[name] = "\(identity) \(digest)"
    return digest
  }
}
