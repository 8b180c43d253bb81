using System.Globalization;
using Lazykick;
using WebFile;

// A service that answers out of a memory-mapped file, which is replaced while requests are served: PUT /file/7 maps
// another edition. Requests read on pool threads, with a scope around the synchronous part. Started without arguments
// it puts itself under load, replaces the file again and again, and shuts down with requests in flight; with --serve it
// just serves.
var folder = Directory.CreateTempSubdirectory("lazykick-web-").FullName;
var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddRcuDomain("editions").AddMappedFile(Edition.Write(folder, 1));
await using var app = builder.Build();

app.MapGet("/word/{index:int}", (int index, RcuDomain domain, MappedFileSlot file) =>
{
    using var scope = domain.EnterRead();
    var view = file.Read(scope);
    return (long)index * sizeof(long) + sizeof(long) > view.Length || index < 0
        ? Results.NotFound()
        : Results.Text(view.Read<long>((long)index * sizeof(long)).ToString(CultureInfo.InvariantCulture));
});
app.MapPut("/file/{edition:int}", async (int edition, MappedFileSlot file, CancellationToken cancellationToken) =>
{
    // Completes when the old edition is unmapped: its file may be deleted now, on every system.
    await file.OpenAsync(Edition.Write(folder, edition), cancellationToken);
    return Results.Text($"edition {edition}, {file.OpenFiles} mapped");
});

await app.StartAsync();
if (args.Contains("--serve"))
{
    Console.WriteLine(string.Join(' ', app.Urls));
    await app.WaitForShutdownAsync();
    return 0;
}

var result = await SelfTest.RunAsync(app);
Directory.Delete(folder, recursive: true);
return result;
