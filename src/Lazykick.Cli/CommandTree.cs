using System.CommandLine;
using Lazykick.Cli.Commands;
using Lazykick.Cli.Help;

namespace Lazykick.Cli;

/// <summary>All commands, in the order in which help lists them.</summary>
internal static class CommandTree
{
    public static Command Create()
    {
        // Not a RootCommand: that one is named after the assembly, and an assembly 'lazykick' cannot be loaded beside
        // the library 'Lazykick'.
        var root = new Command("lazykick", "Proves, prices, audits and runs lazy cross-CPU synchronisation.")
        {
            HelpPage.Option(),
            new VersionOption(),
            CheckCommand.Create(),
            ClaimsCommand.Create(),
            SchemesCommand.Create(),
            LitmusCommand.Create(),
            ExportCommand.Create(),
            RepairCommand.Create(),
            DiffCommand.Create(),
            ReplayCommand.Create(),
            MergeCommand.Create(),
            RecordCommand.Create(),
            WatchCommand.Create(),
            ServeCommand.Create(),
            ReportCommand.Create(),
            AuditCommand.Create(),
            DemoCommand.Create(),
        };
        root.Add(CompletionCommand.Create(root));
        root.Add(ManCommand.Create(root));
        ValueNames.Give(root);
        return root;
    }
}
