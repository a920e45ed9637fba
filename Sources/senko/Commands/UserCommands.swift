import ArgumentParser
import Screening

struct UserCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user", abstract: "Register and manage the people who work with senko.",
    subcommands: [Add.self, List.self, SetRole.self, Password.self, Disable.self])

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Register a user; makes the data folder if there is none.",
      discussion: """
        The password is asked for, or read as one line from standard input:
          echo "$PASSWORD" | senko user add hr@example.jp --name 人事 --role admin
        """)
    @Argument(help: "The address to log in with.") var email: String
    @Option(help: "The user's name.") var name: String
    @Option(help: "admin, reviewer or auditor.") var role: Role
    @OptionGroup var terms: TermsOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      let password = try readPassword()
      try await data.withOffice(create: true) { office in
        let number = try await office.addUser(
          email: email, name: name, role: role, password: password,
          by: .commandLine(terms))
        if data.json {
          try Output.json(["user": number.rawValue])
        } else {
          Output.line("user \(number)")
        }
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the users.")
    @OptionGroup var moment: MomentOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let users = try office.users(asOf: moment.moment)
        if data.json {
          for user in users { try Output.json(user) }
        } else {
          let word = data.language
          Output.table(
            [word(.number), word(.email), word(.name), word(.role)],
            users.map {
              [
                String($0.user), $0.email ?? "—", $0.name ?? "—",
                $0.role.rawValue + ($0.disabled ? " (disabled)" : ""),
              ]
            })
        }
        for user in users {
          if let damage = user.damage {
            complain("The address and the name of user \(user.user) cannot be opened. \(damage)")
          }
        }
      }
    }
  }

  struct SetRole: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "role", abstract: "Give a user another role.")
    @Argument(help: "The user's address.") var email: String
    @Argument(help: "admin, reviewer or auditor.") var role: Role
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let user = try require(email, in: office)
        try await office.setRole(role, of: user, by: .commandLine)
        try confirm(user, "is \(role.rawValue) now", in: office, json: data.json)
        try complainWithoutAdmin(in: office)
      }
    }
  }

  struct Password: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give a user another password, asked for or read from standard input.")
    @Argument(help: "The user's address.") var email: String
    @OptionGroup var data: DataOptions

    func run() async throws {
      let password = try readPassword()
      try await data.withOffice { office in
        let user = try require(email, in: office)
        try await office.setPassword(password, of: user, by: .commandLine)
        try confirm(user, "has another password now", in: office, json: data.json)
      }
    }
  }

  struct Disable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Keep a user from logging in.")
    @Argument(help: "The user's address.") var email: String
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let user = try require(email, in: office)
        try await office.disableUser(user, by: .commandLine)
        if data.json {
          try Output.json(["user": user.rawValue])
        } else {
          Output.line("user \(user) is disabled now")
        }
        try complainWithoutAdmin(in: office)
      }
    }
  }
}

/// Tells what became of a user, and whether that lets the user log in.
private func confirm(
  _ user: UserNumber, _ change: String, in office: Office, json: Bool
) throws {
  if json {
    try Output.json(["user": user.rawValue])
  } else {
    Output.line("user \(user) \(change)")
  }
  if try office.user(user)?.disabled == true {
    complain("The user is disabled all the same, and cannot log in.")
  }
}

/// Says so where nobody is left who may do over HTTP what only an admin may.
private func complainWithoutAdmin(in office: Office) throws {
  if try office.users().contains(where: { $0.role == .admin && !$0.disabled }) { return }
  complain(
    "No admin is left: users, policies, models and erasures are for the command line alone until 'senko user add' makes "
      + "one, or 'senko user role' of a user who is not disabled.")
}

/// The number of the user with this address.
private func require(_ email: String, in office: Office) throws -> UserNumber {
  guard let user = try office.user(email: email) else {
    throw Refusal(
      "Nobody is registered with this address. 'senko user list' shows who is.")
  }
  return user.number
}
