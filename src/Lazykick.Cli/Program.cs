using System.CommandLine;
using Lazykick.Cli.Commands;

var root = new RootCommand("Proves, prices and runs lazy cross-CPU synchronisation.")
{
    CheckCommand.Create(),
    ClaimsCommand.Create(),
    SchemesCommand.Create(),
    LitmusCommand.Create(),
    ReportCommand.Create(),
};
try
{
    var parsed = root.Parse(args);
    var status = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) }).ConfigureAwait(false);
    Console.Out.Flush();

    // System.CommandLine ends with 1 when the call itself is wrong.
    return parsed.Errors.Count > 0 ? 2 : status;
}
catch (IOException e) when (e.Message.Contains("Broken pipe", StringComparison.OrdinalIgnoreCase) || e.HResult == 32)
{
    // The reader of our output has gone, for example head: it has what it wanted.
    return 0;
}
