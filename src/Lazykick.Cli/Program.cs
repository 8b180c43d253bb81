using System.CommandLine;
using System.CommandLine.Help;
using Lazykick.Cli;
using Lazykick.Cli.Audit;
using Lazykick.Cli.Commands;
using Lazykick.Cli.Record;
using Lazykick.Cli.Watch;

// Not a RootCommand: that one is named after the assembly, and an assembly 'lazykick' cannot be loaded beside the
// library 'Lazykick'.
var root = new Command("lazykick", "Proves, prices and runs lazy cross-CPU synchronisation.")
{
    new HelpOption(),
    new VersionOption(),
    CheckCommand.Create(),
    ClaimsCommand.Create(),
    SchemesCommand.Create(),
    LitmusCommand.Create(),
    ExportCommand.Create(),
    RecordCommand.Create(),
    WatchCommand.Create(),
    ReportCommand.Create(),
    AuditCommand.Create(),
    DemoCommand.Create(),
};
return await EntryPoint.RunAsync(root, args).ConfigureAwait(false);
