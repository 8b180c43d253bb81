using Lazykick.Cli;
using Lazykick.Cli.Output;

KeypadMode.Avoid();
return await EntryPoint.RunAsync(CommandTree.Create(), args).ConfigureAwait(false);
