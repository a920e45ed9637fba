import Foundation

/// What the kernel allows a process, as it says itself.
struct Confinement {
  /// What it says of each thread.
  private let threads: [String]
  private let limits: String
  /// How large its address space is, in bytes.
  let addressSpace: UInt64
  /// The numbers of its open descriptors.
  let descriptors: Set<String>
  /// The names of what its environment tells it.
  let environment: Set<String>

  /// Asks of a process.
  init(of pid: pid_t) throws {
    let folder = "/proc/\(pid)/"
    func text(_ name: String) throws -> String {
      try String(contentsOfFile: folder + name, encoding: .utf8)
    }
    threads = try FileManager.default.contentsOfDirectory(atPath: folder + "task").map {
      try text("task/\($0)/status")
    }
    limits = try text("limits")
    addressSpace =
      try text("statm").split(separator: " ").first.flatMap { UInt64($0) }.map {
        $0 * UInt64(getpagesize())
      } ?? 0
    descriptors = Set(try FileManager.default.contentsOfDirectory(atPath: folder + "fd"))
    environment = Set(
      try text("environ").split(separator: "\0").compactMap {
        $0.split(separator: "=").first.map(String.init)
      })
  }

  /// Whether each of its threads makes only the system calls of a filter.
  var isFiltered: Bool { allThreads(say: "Seccomp:\t2") }

  /// Whether no program that one of its threads might start gains privileges.
  var gainsNoPrivileges: Bool { allThreads(say: "NoNewPrivs:\t1") }

  private func allThreads(say line: Substring) -> Bool {
    !threads.isEmpty && threads.allSatisfy { $0.split(separator: "\n").contains(line) }
  }

  /// The hard limit of that name, for good; `nil` where there is none.
  func limit(_ name: String) -> UInt64? {
    let prefix = "Max \(name) "
    let line = limits.split(separator: "\n").first { $0.hasPrefix(prefix) }
    let values = line?.dropFirst(prefix.count).split(separator: " ") ?? []
    return values.count > 1 && values[0] == values[1] ? UInt64(values[1]) : nil
  }
}
