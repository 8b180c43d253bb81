using System.CommandLine;
using Lazykick.Cli;
using Lazykick.Cli.Commands;

var root = new RootCommand("Proves, prices and runs lazy cross-CPU synchronisation.")
{
    CheckCommand.Create(),
    ClaimsCommand.Create(),
    SchemesCommand.Create(),
    LitmusCommand.Create(),
    ReportCommand.Create(),
    DemoCommand.Create(),
};
return await EntryPoint.RunAsync(root, args).ConfigureAwait(false);
