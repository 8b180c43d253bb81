using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lazykick.Cli.Serve;

/// <summary>
/// Answers <c>GET /metrics</c>, one request a connection, and nothing else. It never holds more than
/// <see cref="MostConnections"/> connections that have not asked: a new one takes the place of the one that waits
/// longest, so that whoever asks at once is answered however many idle ones there are. Requests beyond
/// <see cref="MostRequests"/> at a time are refused at once.
/// </summary>
internal sealed class MetricsServer : IDisposable
{
    /// <summary>Connections that may wait with their request.</summary>
    public const int MostConnections = 64;

    /// <summary>Requests that are answered at a time.</summary>
    public const int MostRequests = 8;

    private const int Backlog = 128;
    private const int LongestHead = 8192;
    private static readonly TimeSpan s_head = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(100);

    private readonly TcpListener _listener;
    private readonly Func<byte[]?> _metrics;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private readonly LinkedList<TcpClient> _waiting = [];
    private int _answered;

    /// <param name="address">Where to answer.</param>
    /// <param name="metrics">
    /// The text of the answer; null as long as there are no figures, which is a failed scrape and no empty one
    /// (https://prometheus.io/docs/instrumenting/writing_exporters/#failed-scrapes).
    /// </param>
    /// <exception cref="SocketException">The address cannot be had.</exception>
    public MetricsServer(IPEndPoint address, Func<byte[]?> metrics)
    {
        _metrics = metrics;
        _listener = new TcpListener(address);
        _listener.Start(Backlog);
    }

    /// <summary>Connections that wait with their request, for tests.</summary>
    internal int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    /// <summary>Where it answers.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Answers from now on, until it is disposed of.</summary>
    public void Start() => _ = Accept();

    public void Dispose()
    {
        _ending.Cancel();
        _listener.Dispose();
        lock (_lock)
        {
            foreach (var client in _waiting)
                client.Dispose();
            _waiting.Clear();
        }

        _ending.Dispose();
    }

    private async Task Accept()
    {
        var ending = _ending.Token;
        while (!ending.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(ending).ConfigureAwait(false);
                var place = Admit(client);
                // Never on this thread, even if the request has come already: it has to accept the next one.
                _ = Task.Run(() => Serve(client, place, ending), CancellationToken.None);
            }
            catch (SocketException) when (!ending.IsCancellationRequested)
            {
                // The client has gone again, or the process has no descriptor left.
                await Task.Delay(s_retry, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception error) when (IsEnd(error))
            {
                return;
            }
        }
    }

    private LinkedListNode<TcpClient> Admit(TcpClient client)
    {
        lock (_lock)
        {
            if (_waiting.Count >= MostConnections)
            {
                _waiting.First!.Value.Dispose();
                _waiting.RemoveFirst();
            }

            return _waiting.AddLast(client);
        }
    }

    private async Task Serve(TcpClient client, LinkedListNode<TcpClient> place, CancellationToken ending)
    {
        using var _ = client;
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ending);
            patience.CancelAfter(s_head);
            var stream = client.GetStream();
            var head = await ReadHead(stream, patience.Token).ConfigureAwait(false);
            Leave(place);
            if (head is null)
                return;
            patience.CancelAfter(s_answer);
            try
            {
                var answer = Interlocked.Increment(ref _answered) > MostRequests
                    ? Refusal("503 Service Unavailable", "Retry-After: 1\r\n")
                    : Answer(head);
                await stream.WriteAsync(answer, patience.Token).ConfigureAwait(false);
            }
            finally
            {
                Interlocked.Decrement(ref _answered);
            }
        }
        catch (Exception error) when (IsEnd(error))
        {
            // It has gone, has taken too long, or had to make room for another one.
        }
        finally
        {
            Leave(place);
        }
    }

    private void Leave(LinkedListNode<TcpClient> place)
    {
        lock (_lock)
        {
            if (place.List is not null)
                _waiting.Remove(place);
        }
    }

    /// <summary>The request up to its empty line; null where the client closes before.</summary>
    private static async Task<string?> ReadHead(NetworkStream stream, CancellationToken patience)
    {
        var buffer = new byte[LongestHead];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), patience).ConfigureAwait(false);
            if (read == 0)
                return null;
            length += read;
            if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) >= 0)
                break;
        }

        return Encoding.Latin1.GetString(buffer, 0, length);
    }

    private byte[] Answer(string head)
    {
        if (!head.Contains("\r\n\r\n", StringComparison.Ordinal))
            return Refusal("431 Request Header Fields Too Large");
        var line = head[..head.IndexOf('\r', StringComparison.Ordinal)].Split(' ');
        if (line.Length != 3 || !line[2].StartsWith("HTTP/1.", StringComparison.Ordinal))
            return Refusal("400 Bad Request");
        if (line[0] is not ("GET" or "HEAD"))
            return Refusal("405 Method Not Allowed", "Allow: GET, HEAD\r\n");
        if (line[1].Split('?')[0] != "/metrics")
            return Refusal("404 Not Found");
        if (_metrics() is not { } body)
            return Refusal("503 Service Unavailable", "Retry-After: 1\r\n", "the first figures come in a second\n");
        var start = Head("200 OK", PrometheusText.ContentType, body.Length, "");
        return line[0] == "HEAD" ? start : [.. start, .. body];
    }

    private static byte[] Refusal(string status, string more = "", string? why = null)
    {
        var body = Encoding.ASCII.GetBytes(why ?? status + "\n");
        return [.. Head(status, "text/plain", body.Length, more), .. body];
    }

    private static byte[] Head(string status, string type, int length, string more) =>
        Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {length}\r\n{more}Connection: close\r\n\r\n"
        );

    private static bool IsEnd(Exception error) =>
        error is IOException or SocketException or ObjectDisposedException or OperationCanceledException
            or InvalidOperationException;
}
