import Foundation
import PackagePlugin

/// Writes down, as a dictionary in Swift, which packages a program is built from and in which versions: what
/// was resolved for this very build, not what somebody noted.
@main struct DependencyVersions: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    var packages: [Target.ID: Package] = [:]
    var seen: Set<Package.ID> = []
    func visit(_ package: Package) {
      for target in package.targets { packages[target.id] = package }
      for dependency in package.dependencies where seen.insert(dependency.package.id).inserted {
        visit(dependency.package)
      }
    }
    visit(context.package)
    guard let program = target as? any SourceModuleTarget else { return [] }
    var lines: Set<String> = []
    for linked in program.recursiveTargetDependencies {
      guard let package = packages[linked.id],
        case .repository(_, let version, _) = package.origin
      else { continue }
      lines.insert("  \"\(package.id)\": \"\(version)\",\n")
    }
    let text =
      "/// The packages that this program was built from.\nlet linkedPackages: [String: String] = [\n"
      + (lines.isEmpty ? "  :\n" : lines.sorted().joined()) + "]\n"
    let file = context.pluginWorkDirectoryURL.appending(path: "LinkedPackages.swift")
    return [
      .buildCommand(
        displayName: "Writing down the versions of packages",
        executable: URL(filePath: "/bin/sh"),
        arguments: ["-c", "printf %s \"$1\" > \"$2\"", "sh", text, file.path],
        outputFiles: [file])
    ]
  }
}
