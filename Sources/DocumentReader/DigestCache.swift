/// Digests of files that do not change between two workers, by the files' identity.
struct DigestCache {
  /// What was asked for or computed: identity and digest, by path.
  private(set) var known: [String: String]

  init(known: [String: String]) { self.known = known }

  /// The digest of the file at `path`, computed only when it is another file than before.
  mutating func digest(ofFile path: String) -> String {
    let identity = FileDigest.identity(path)
    if let entry = known[path], let cut = entry.lastIndex(of: " "), entry[..<cut] == identity {
      return String(entry[entry.index(after: cut)...])
    }
    let digest = FileDigest.hash(file: path)
    known[path] = "\(identity) \(digest)"
    return digest
  }
}
