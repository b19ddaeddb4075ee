//! The files beside the model in the company's repository.

pub(super) const README: &str = "\
# Quarlwick go-to-market model

How Quarlwick finds, qualifies, wins and hands over customers: what is not written in `model/` is
not a rule. Quarlwick sells software that plans maintenance work; it is invented, and so is
everybody in this repository.

- A change is a branch and a pull request. Who must approve what stands in
  `model/governance/decisions.toml`; an approval is an `Approved-by:` line in the message.
- `opmodel check` before you push.
- Urgent changes may go to `main` directly, and are told in the next model board.
";

pub(super) const MAILMAP: &str = "\
Bram Tolliver <bram.tolliver@quarlwick.example> bram <bram@tolliver.example>
";

pub(super) const IGNORED: &str = "\
# Exports hold people's names and addresses; they are read here and never recorded.
/exports/
";
