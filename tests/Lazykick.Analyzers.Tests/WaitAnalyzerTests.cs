namespace Lazykick.Analyzers.Tests;

public class WaitAnalyzerTests
{
    [Theory]
    [InlineData("using ReadScope scope = s_thread.EnterRead(); [|LKR003: s_domain.Synchronize()|];")]
    [InlineData("using (s_thread.EnterRead()) { [|LKR003: s_domain.Barrier()|]; }")]
    [InlineData("using (s_thread.EnterActive()) { if (s_kept is null) { [|LKR003: s_domain.Synchronize()|]; } }")]
    [InlineData("using (s_thread.EnterRead()) { var task = [|LKR003: s_domain.SynchronizeAsync()|]; }")]
    [InlineData(
        "using (s_thread.EnterActive()) using (s_thread.EnterQuiescent()) using (s_thread.EnterRead()) [|LKR003: "
            + "s_domain.Dispose()|];"
    )]
    public Task Waiting_for_a_grace_period_while_active_is_reported(string body) => Check.Body(body);

    [Theory]
    [InlineData("using (s_thread.EnterRead()) { } s_domain.Synchronize();")]
    [InlineData("s_domain.Synchronize(); using ReadScope scope = s_thread.EnterRead();")]
    [InlineData("using (s_thread.EnterActive()) { using (s_thread.EnterQuiescent()) { s_domain.Synchronize(); } }")]
    [InlineData("using (s_thread.EnterRead()) { Action later = () => s_domain.Synchronize(); later(); }")]
    [InlineData("using (s_thread.EnterRead()) { s_domain.Kick(); s_domain.Retire(s_domain); }")]
    public Task Waiting_while_quiescent_is_not(string body) => Check.Body(body);

    [Theory]
    [InlineData("using (s_thread.EnterRead()) { [|LKR004: Thread.Sleep(1)|]; }")]
    [InlineData("using ActiveScope scope = s_thread.EnterActive(); [|LKR004: Task.Delay(1).Wait()|];")]
    [InlineData("using (s_thread.EnterRead()) { int result = [|LKR004: Task.FromResult(1).Result|]; }")]
    [InlineData("using (s_thread.EnterRead()) { [|LKR004: Task.Delay(1).GetAwaiter().GetResult()|]; }")]
    [InlineData("using (s_thread.EnterRead()) { [|LKR004: new SemaphoreSlim(1).Wait()|]; }")]
    [InlineData("using (s_thread.EnterRead()) { [|LKR004: Console.ReadLine()|]; }")]
    [InlineData("var scope = s_thread.EnterRead(); try { [|LKR004: Thread.Sleep(1)|]; } finally { scope.Dispose(); }")]
    [InlineData("var scope = s_thread.EnterRead(); try { [|LKR004: Thread.Sleep(1)|]; scope.Dispose(); } finally { }")]
    public Task Blocking_while_active_is_reported(string body) => Check.Body(body);

    [Theory]
    [InlineData("Thread.Sleep(1);")]
    [InlineData("using (s_thread.EnterActive()) { using (s_thread.EnterQuiescent()) Thread.Sleep(1); }")]
    [InlineData("using (s_thread.EnterRead()) { Thread.SpinWait(1); }")]
    [InlineData("var scope = s_thread.EnterRead(); try { scope.Dispose(); Thread.Sleep(1); } finally { }")]
    [InlineData("var scope = s_thread.EnterRead(); { scope.Dispose(); if (s_kept is null) { Thread.Sleep(1); } }")]
    [InlineData("using (s_thread.EnterRead()) { if (new SemaphoreSlim(1).Wait(0)) Quick(); }")]
    [InlineData("using (s_thread.EnterRead()) { if (new SemaphoreSlim(1).Wait(TimeSpan.Zero)) Quick(); }")]
    [InlineData("using (s_thread.EnterRead()) { if (Monitor.TryEnter(s_gate)) Monitor.Exit(s_gate); }")]
    [InlineData("using (s_thread.EnterRead()) { if (Monitor.TryEnter(s_gate, 0)) Monitor.Exit(s_gate); }")]
    public Task Blocking_while_quiescent_is_not(string body) => Check.Body(body);

    [Theory]
    [InlineData("if (task.IsCompletedSuccessfully) Console.WriteLine(task.Result);")]
    [InlineData("Console.WriteLine(task.IsCompleted ? task.Result : 0);")]
    [InlineData("Console.WriteLine(!task.IsCompleted ? 0 : task.GetAwaiter().GetResult());")]
    [InlineData("if (s_kept is null && task.IsCompleted && task.Result == 1) Quick();")]
    [InlineData("if (!task.IsCompleted || task.Result == 1) Quick();")]
    [InlineData("if (!task.IsCompleted) return; Console.WriteLine(task.Result);")]
    public Task A_completed_task_does_not_block(string body) =>
        Check.Body("using (s_thread.EnterRead()) { " + body + " }", parameters: "Task<int> task, Task<int> other");

    [Theory]
    [InlineData("if (other.IsCompleted) Console.WriteLine([|LKR004: task.Result|]);")]
    [InlineData("if (task.IsCompleted) Quick(); else Console.WriteLine([|LKR004: task.Result|]);")]
    [InlineData("if (task.IsCompleted || other.IsCompleted) Console.WriteLine([|LKR004: task.Result|]);")]
    [InlineData("if (task.IsCompleted) return; Console.WriteLine([|LKR004: task.Result|]);")]
    [InlineData("if (!task.IsCompleted) Quick(); Console.WriteLine([|LKR004: task.Result|]);")]
    [InlineData("if ([|LKR004: new SemaphoreSlim(1).Wait(1)|]) Quick();")]
    [InlineData("if ([|LKR004: Monitor.TryEnter(s_gate, 1)|]) Quick();")]
    public Task Nor_does_asking_another_one_help(string body) =>
        Check.Body("using (s_thread.EnterRead()) { " + body + " }", parameters: "Task<int> task, Task<int> other");

    [Theory]
    [InlineData("using var scope = s_domain.EnterRead(); [|LKR003!: s_slot.Dispose()|];")]
    [InlineData("using (s_thread.EnterActive()) { [|LKR003!: s_swap.Dispose()|]; }")]
    [InlineData("using (s_domain.EnterRead()) { var task = [|LKR003!: s_swap.SwapAsync(s_stream)|]; }")]
    [InlineData("using (s_domain.EnterRead()) { var task = [|LKR003!: s_slot.OpenAsync(\"x\")|]; }")]
    [InlineData("using (s_domain.EnterRead()) { var task = [|LKR003!: s_slot.DisposeAsync()|]; }")]
    [InlineData("using (s_domain.EnterRead()) { [|LKR003?: s_anySwap.Dispose()|]; }")]
    [InlineData("MappedFileSlot slot = new(s_domain); using (s_domain.EnterRead()) { [|LKR003!: slot.Dispose()|]; }")]
    [InlineData("MappedFileSlot slot = new(s_domain); slot = new(s_otherDomain); using (s_domain.EnterRead()) { "
        + "[|LKR003?: slot.Dispose()|]; }")]
    [InlineData("s_domain.Retire(1, _ => { var task = [|LKR003!: s_slot.OpenAsync(\"x\")|]; });")]
    [InlineData("s_domain.Retire(1, _ => { var task = [|LKR003?: s_anySwap.DisposeAsync()|]; });")]
    public Task A_typed_form_that_waits_for_its_reader_is_reported(string body) => Check.Body(body);

    [Theory]
    [InlineData("using (s_domain.EnterRead()) { } s_slot.Dispose();")]
    [InlineData("using (s_domain.EnterRead()) { s_otherSwap.Dispose(); }")]
    [InlineData("using (s_domain.EnterRead()) { s_slot.Open(\"x\"); s_swap.Swap(s_stream); }")]
    [InlineData("using (s_domain.EnterRead()) { s_pointer.Dispose(); s_map.Dispose(); s_reference.Dispose(); }")]
    [InlineData("using (s_thread.EnterActive()) { using (s_thread.EnterQuiescent()) { s_slot.Dispose(); } }")]
    [InlineData("s_domain.Retire(1, _ => s_slot.Dispose());")]
    [InlineData("s_domain.Retire(1, _ => { var task = s_otherSwap.DisposeAsync(); });")]
    public Task One_that_does_not_is_not(string body) => Check.Body(body);

    [Theory]
    [InlineData("s_domain.Retire(1, _ => [|LKR003: s_domain.Barrier()|]);")]
    [InlineData("s_domain.Retire(1, _ => { [|LKR003: s_domain.WaitForRoom(TimeSpan.Zero)|]; });")]
    [InlineData("s_domain.Retire(1, _ => { if (s_kept is null) [|LKR003: s_domain.Dispose()|]; });")]
    [InlineData("s_domain.Retire(1, _ => { var task = [|LKR003: s_domain.BarrierAsync()|]; });")]
    public Task A_callback_that_waits_for_its_own_queue_is_reported(string body) => Check.Body(body);

    [Theory]
    [InlineData("s_domain.Retire(1, _ => s_domain.Synchronize());")]
    [InlineData("s_domain.Retire(1, _ => s_otherDomain.Barrier());")]
    [InlineData("s_domain.Retire(1, _ => Task.Run(() => s_domain.Barrier()));")]
    [InlineData("s_domain.Retire(1, _ => { }); s_domain.Barrier();")]
    public Task One_that_waits_for_something_else_is_not(string body) => Check.Body(body);
}
