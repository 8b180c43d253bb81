using System.CommandLine;

using Lazykick.Cli.Commands;

var root = new RootCommand("Proves, prices and runs lazy cross-CPU synchronisation.");
root.Subcommands.Add(LitmusCommand.Create());
return root.Parse(args).Invoke();
