using System.Globalization;
using Lazykick;

namespace WebFile;

/// <summary>
/// Load, replacement and shutdown, all on this machine: 4 clients, 20 editions, then the end while clients ask.
/// </summary>
internal static class SelfTest
{
    private const int Clients = 4;
    private const int Editions = 20;

    public static async Task<int> RunAsync(WebApplication app)
    {
        using HttpClient client = new() { BaseAddress = new Uri(app.Urls.First()) };
        long answers = 0, wrong = 0;
        var newest = 1;
        using CancellationTokenSource stop = new();
        Task[] load = [.. Enumerable.Range(0, Clients).Select(seed => Task.Run(async () =>
        {
            Random random = new(seed);
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    var word = new Uri($"/word/{random.Next(Edition.Words)}", UriKind.Relative);
                    var text = await client.GetStringAsync(word);
                    var edition = int.Parse(text, CultureInfo.InvariantCulture);
                    Interlocked.Increment(ref answers);
                    if (edition < 1 || edition > Volatile.Read(ref newest))
                        Interlocked.Increment(ref wrong);
                }
                catch (HttpRequestException)
                {
                    // The service has gone: what the end of the test is about.
                    return;
                }
            }
        }))];

        for (var edition = 2; edition <= Editions; edition++)
        {
            Volatile.Write(ref newest, edition);
            using var answer = await client.PutAsync(new Uri($"/file/{edition}", UriKind.Relative), null);
            answer.EnsureSuccessStatusCode();
        }

        var file = app.Services.GetRequiredService<MappedFileSlot>();
        var open = file.OpenFiles;

        // Clients go on asking while the host stops and the container disposes the slot and the domain.
        await app.StopAsync();
        await app.DisposeAsync();
        await stop.CancelAsync();
        await Task.WhenAll(load);
        Console.WriteLine($"{Editions} editions, {open} mapped at the end, {file.OpenFiles} after shutdown; "
            + $"{(answers > 0 ? "answers all the time" : "no answer")}, {wrong} wrong");
        return open == 1 && file.OpenFiles == 0 && answers > 0 && wrong == 0 ? 0 : 1;
    }
}
