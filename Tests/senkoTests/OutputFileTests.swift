import Foundation
import TestSupport
import Testing

@testable import senko

/// What is written about a person is for whoever asked for it alone, and takes nothing else's place.
@Suite struct OutputFileTests {
  /// A file that is being written, or was left by a program that was killed, is nobody else's to read.
  @Test func nobodyElseReadsWhatIsHalfWritten() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/17.json"
      await #expect(processExitsWith: .signal(SIGXFSZ)) { [path = path as String] in
        umask(0)
        // Some parents have it ignored, which children inherit, and threads of a pool block it.
        signal(SIGXFSZ, SIG_DFL)
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
        var (core, size) = (rlimit(), rlimit(rlim_cur: 4096, rlim_max: 4096))
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core)
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &size)
        try Output.write(Data(count: 100_000), to: path)
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.count == 1 && left != ["17.json"])
      for name in left { #expect(try mode(folder + "/" + name) == 0o600) }
    }
  }

  /// Whoever can read the file that was there cannot read the new one.
  @Test func theFileIsItsOwnersWhateverWasThere() async throws {
    try await withTemporaryDirectory { folder in
      let (path, link) = (folder + "/17.json", folder + "/newest")
      let isMade = FileManager.default.createFile(
        atPath: path, contents: Data("old".utf8), attributes: [.posixPermissions: 0o644])
      #expect(isMade)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
      for target in [path, link] {
        let bytes = Data("new \(target)".utf8)
        try Output.write(bytes, to: target)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
        #expect(try mode(path) == 0o600)
      }
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
      #expect(throws: Refusal.self) { try Output.write(Data(), to: folder + "/none/17.json") }
    }
  }

  /// The log itself would be gone, after its owner has asked for a copy of a part of it.
  @Test(arguments: ["data/log/data.mdb", "linked/17.json"])
  func nothingInTheDataFolderIsWrittenOver(_ path: String) async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      let added = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      #expect(added.status == 0)
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/linked", withDestinationPath: folder + "/data")
      for command in ["dossier", "disclose"] {
        let refused = try senko(command, "17", "--out", folder + "/" + path)
        #expect(refused.status == 1 && refused.errors.contains("belong into the data folder"))
      }
      // Whoever can set the log back would set back what tells of it.
      let witness = try senko("witness", "--state", folder + "/linked/witness")
      #expect(witness.status == 1 && witness.errors.contains("belong into the data folder"))
      // Nor are the keys there registered as somebody's document.
      let key = try senko("register", "--name", "花子", folder + "/linked/signing-key")
      #expect(key.status == 1 && key.errors.contains("lies in the data folder"))
      #expect(try senko("verify").status == 0)
    }
  }

  @Test func aFileWithoutAnEndIsReadNoFurtherThanATextGoes() {
    #expect(throws: Refusal.self) { try readText("/dev/zero") }
  }

  /// Whoever runs it as root with `--out /dev/stdout` must not take that from all other programs.
  @Test func whatIsNoFileOfBytesIsWrittenToAndStays() async throws {
    try await withTemporaryDirectory { folder in
      let pipe = folder + "/pipe"
      #expect(unsafe mkfifo(pipe, 0o600) == 0)
      let reader = unsafe open(pipe, O_RDONLY | O_NONBLOCK)
      defer { close(reader) }
      try Output.write(Data("through the pipe".utf8), to: pipe)
      var buffer = [UInt8](repeating: 0, count: 64)
      let count = unsafe read(reader, &buffer, 64)
      #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "through the pipe")
      #expect(try mode(pipe) == nil)
      let senko = Program(data: folder + "/data")
      let file = folder + "/resume.txt"
      try resume(skilled: true, 1).write(toFile: file, atomically: true, encoding: .utf8)
      _ = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      let registered = try await waiting { try senko("register", "--name", "花子", file) }
      #expect(registered.status == 0, "\(registered)")
      // What is about a person does not go to a terminal or a log instead, because it is asked for as JSON.
      let disclosed = try await waiting {
        try senko("disclose", "1", "--json", "--out", folder + "/1.json")
      }
      #expect(disclosed.status == 0 && disclosed.output.isEmpty)
      #expect(try String(contentsOfFile: folder + "/1.json", encoding: .utf8).hasPrefix("{"))
      let output = folder + "/output"
      try FileManager.default.createSymbolicLink(
        atPath: output, withDestinationPath: "/proc/self/fd/1")
      let dossier = try await waiting { try senko("dossier", "1", "--out", output) }
      #expect(dossier.status == 0 && dossier.output.hasPrefix("{"), "\(dossier)")
      #expect(
        try FileManager.default.destinationOfSymbolicLink(atPath: output) == "/proc/self/fd/1")
    }
  }
}

/// The permissions of a file of bytes; `nil` of what is none.
private func mode(_ path: String) throws -> Int? {
  let attributes = try FileManager.default.attributesOfItem(atPath: path)
  guard attributes[.type] as? FileAttributeType == .typeRegular else { return nil }
  return attributes[.posixPermissions] as? Int
}
