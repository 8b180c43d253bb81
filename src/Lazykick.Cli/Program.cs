using Lazykick.Cli;

return await EntryPoint.RunAsync(CommandTree.Create(), args).ConfigureAwait(false);
