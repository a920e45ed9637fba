import Foundation

/// The path of an executable that was built beside the tests.
public func product(_ name: String) -> String {
  let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
  return executable.deletingLastPathComponent().appendingPathComponent(name).path
}
