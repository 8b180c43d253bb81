using System.CommandLine;

var root = new RootCommand("Proves, prices and runs lazy cross-CPU synchronisation.");
return root.Parse(args).Invoke();
