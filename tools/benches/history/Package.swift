// swift-tools-version: 6.2
import PackageDescription

// Run by tools/benches/replay/run and tools/benches/api/run.
let package = Package(
  name: "history",
  dependencies: [.package(name: "senko", path: "../../..")],
  targets: [
    .executableTarget(
      name: "history", dependencies: [.product(name: "EventStore", package: "senko")])
  ],
  swiftLanguageModes: [.v6])
