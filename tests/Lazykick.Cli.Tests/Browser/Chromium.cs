using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Lazykick.Cli.Tests.Browser;

/// <summary>Debian's chromium without a window, driven by its own protocol; null where there is none.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("lazykick-chromium");
    private readonly ClientWebSocket _socket = new();
    private Process? _process;
    private int _calls;

    /// <summary>Why there is no browser, or null.</summary>
    public string? Missing { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var program = Find();
        if (program is null)
        {
            Missing = "chromium is not installed (eng/install-oracles)";
            return;
        }

        var start = new ProcessStartInfo(program)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        string[] arguments =
        [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--remote-debugging-port=0",
            $"--user-data-dir={_profile.FullName}",
            "about:blank",
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        var file = Path.Combine(_profile.FullName, "DevToolsActivePort");
        var waited = Stopwatch.StartNew();
        string[] lines = [];
        while (lines.Length < 2)
        {
            if (_process.HasExited || waited.Elapsed > s_patience)
            {
                Missing = $"{program} does not start here";
                return;
            }

            await Task.Delay(50);
            lines = File.Exists(file) ? await File.ReadAllLinesAsync(file) : [];
        }

        await _socket.ConnectAsync(new Uri($"ws://127.0.0.1:{lines[0]}{lines[1]}"), CancellationToken.None);
    }

    /// <summary>Opens a page of the disk and waits until its scripts have drawn it.</summary>
    public async Task<BrowserPage> Open(string path, string hash = "")
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        var target = await Call(null, "Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        var session = await Call(
            null,
            "Target.attachToTarget",
            new JsonObject { ["targetId"] = (string)target["targetId"]!, ["flatten"] = true }
        );
        var page = new BrowserPage(this, (string)session["sessionId"]!, (string)target["targetId"]!);
        await page.Open(new Uri(path).AbsoluteUri + hash);
        return page;
    }

    /// <summary>Calls a method of the protocol and waits for its answer.</summary>
    internal async Task<JsonNode> Call(string? session, string method, JsonObject parameters)
    {
        using var patience = new CancellationTokenSource(s_patience);
        var id = ++_calls;
        var call = new JsonObject
        {
            ["id"] = id,
            ["method"] = method,
            ["params"] = parameters,
        };
        if (session is not null)
            call["sessionId"] = session;
        await _socket.SendAsync(
            Encoding.UTF8.GetBytes(call.ToJsonString()),
            WebSocketMessageType.Text,
            true,
            patience.Token
        );
        while (true)
        {
            var message = await Receive(patience.Token);
            if ((int?)message["id"] != id)
                continue;
            Assert.True(message["error"] is null, $"{method}: {message["error"]}");
            return message["result"]!;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        if (_process is not null)
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        try
        {
            _profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A helper process of the browser may still write its last file.
        }
    }

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .SelectMany(static directory => s_names.Select(name => Path.Combine(directory, name)))
            .FirstOrDefault(File.Exists);

    private async Task<JsonNode> Receive(CancellationToken cancellation)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[1 << 16];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, cancellation);
            whole.Write(buffer, 0, part.Count);
        } while (!part.EndOfMessage);
        return JsonNode.Parse(whole.ToArray())!;
    }
}
