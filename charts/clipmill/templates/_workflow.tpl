{{- /*
The WorkflowTemplates of `clipmill render`, with the values of this release.
The file is data, so Helm does not replace Argo's tags in it.
*/ -}}
{{- define "clipmill.workflowTemplate" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $document := $root.Files.Get (printf "files/%s.yaml" .name) | fromYaml -}}
{{- $spec := $document.spec -}}
{{- $_ := set $document.metadata "namespace" $root.Release.Namespace -}}
{{- $labels := include "clipmill.labels" $root | fromYaml -}}
{{- $_ := set $document.metadata "labels" (merge $labels $document.metadata.labels) -}}
{{- $_ := set $spec "activeDeadlineSeconds" $values.job.deadlineSeconds -}}
{{- $_ := set $spec "parallelism" $values.job.parallelism -}}
{{- $_ := set $spec "archiveLogs" $values.job.archiveLogs -}}
{{- $_ := set $spec.ttlStrategy "secondsAfterSuccess" $values.job.keepSucceededSeconds -}}
{{- $_ := set $spec.ttlStrategy "secondsAfterFailure" $values.job.keepFailedSeconds -}}
{{- if $values.job.podDisruptionBudget -}}
{{- $_ := set $spec "podDisruptionBudget" (dict "minAvailable" 9999) -}}
{{- end -}}
{{- with include "clipmill.priorityClass" $root -}}
{{- $_ := set $spec "podPriorityClassName" . -}}
{{- end -}}
{{- with $values.images.pullSecrets -}}
{{- $secrets := list -}}
{{- range . }}{{ $secrets = append $secrets (dict "name" .) }}{{ end -}}
{{- $_ := set $spec "imagePullSecrets" $secrets -}}
{{- end -}}
{{- range $spec.arguments.parameters -}}
{{- if eq .name "prefix" }}{{ $_ := set . "value" $values.storage.prefix }}{{ end -}}
{{- if eq .name "cache" }}{{ $_ := set . "value" $values.cache.uri }}{{ end -}}
{{- end -}}
{{- range $cost := include "clipmill.costs" (dict "root" $root "name" .name) | fromYamlArray -}}
{{- $_ := set $spec.metrics "prometheus" (append $spec.metrics.prometheus $cost) -}}
{{- end -}}
{{- range $spec.templates -}}
{{- if .container }}{{ include "clipmill.step" (dict "root" $root "template" .) }}{{ end -}}
{{- end -}}
{{ toYaml $document }}
{{- end }}

{{- /* Puts the values of one step into its template; renders nothing. */ -}}
{{- define "clipmill.step" -}}
{{- $values := .root.Values -}}
{{- $template := .template -}}
{{- $container := $template.container -}}
{{- $own := $values.stepDefaults | default dict | deepCopy -}}
{{- range $key, $value := get $values.steps $template.name | default dict -}}
{{- $_ := set $own $key $value -}}
{{- end -}}
{{- $declaredPool := index $template.metadata.labels "clipmill.dev/pool" -}}
{{- $declaredGpus := ternary 1 0 (eq $declaredPool "gpu") -}}
{{- $wanted := get $own "pool" | default $declaredPool -}}
{{- $pool := ternary $wanted "cpu" $values.pools.gpu.enabled -}}
{{- $place := get $values.pools $pool -}}
{{- $_ := set $container "image" (include "clipmill.image" (dict "root" .root "step" $template.name)) -}}
{{- $_ := set $container "imagePullPolicy" $values.images.pullPolicy -}}
{{- $_ := set $template.metadata.labels "clipmill.dev/pool" $pool -}}
{{- with $place.nodeSelector }}{{ $_ := set $template "nodeSelector" . }}{{ end -}}
{{- with $place.tolerations }}{{ $_ := set $template "tolerations" . }}{{ end -}}
{{- with $own.timeoutSeconds }}{{ $_ := set $template "activeDeadlineSeconds" . }}{{ end -}}
{{- if hasKey $own "retries" }}{{ $_ := set $template.retryStrategy "limit" $own.retries }}{{ end -}}
{{- with $own.cpu }}{{ $_ := set $container.resources.requests "cpu" (toString .) }}{{ end -}}
{{- with $own.memoryMiB -}}
{{- $first := int64 . -}}
{{- $memory := printf "%dMi" $first -}}
{{- $_ := set $container.resources.requests "memory" $memory -}}
{{- $_ := set $container.resources.limits "memory" $memory -}}
{{- $grown := printf "{{=asInt(retries) == 0 ? %d : %d}}Mi" $first (mul 2 $first) -}}
{{- $main := dict "name" "main" "resources" (dict "limits" (dict "memory" $grown)) -}}
{{- $_ := set $template "podSpecPatch" (dict "containers" (list $main) | toJson) -}}
{{- end -}}
{{- with $own.scratchGiB -}}
{{- $_ := set $container.resources.requests "ephemeral-storage" (printf "%dGi" (int64 .)) -}}
{{- end -}}
{{- if eq $pool "gpu" -}}
{{- $gpus := ternary $own.gpus $declaredGpus (hasKey $own "gpus") -}}
{{- if $gpus -}}
{{- $_ := set $container.resources.requests $values.pools.gpu.resource (toString $gpus) -}}
{{- $_ := set $container.resources.limits $values.pools.gpu.resource (toString $gpus) -}}
{{- $limit := dict "configMapKeyRef" (dict "name" "clipmill-limits" "key" "gpu-steps") -}}
{{- $_ := set $template "synchronization" (dict "semaphores" (list $limit)) -}}
{{- end -}}
{{- end -}}
{{- $env := include "clipmill.env" (dict "root" .root "step" $template.name) | fromYamlArray -}}
{{- $_ := set $container "env" (concat $container.env $env (get $own "env" | default list)) -}}
{{- end }}

{{- /* The environment that this release adds to a step: endpoints, and secrets by reference. */ -}}
{{- define "clipmill.env" -}}
{{- $values := .root.Values -}}
{{- $own := get $values.steps .step | default dict -}}
{{- $notify := eq .step "notify" -}}
{{- if and (not $notify) (or $values.cache.uri $own.storageAccess) }}
- name: AWS_REGION
  value: {{ $values.storage.region | quote }}
{{- if ne $values.storage.endpoint "s3.amazonaws.com" }}
- name: AWS_ENDPOINT_URL_S3
  value: {{ printf "%s://%s" (ternary "http" "https" $values.storage.insecure) $values.storage.endpoint | quote }}
{{- end }}
{{- with $values.storage.existingSecret }}
- name: AWS_ACCESS_KEY_ID
  valueFrom: {secretKeyRef: {name: {{ . | quote }}, key: {{ $values.storage.accessKeyKey | quote }}}}
- name: AWS_SECRET_ACCESS_KEY
  valueFrom: {secretKeyRef: {name: {{ . | quote }}, key: {{ $values.storage.secretKeyKey | quote }}}}
{{- end }}
{{- end }}
{{- if and $values.allowPrivateHosts (or $notify (eq .step "download")) }}
- name: CLIPMILL_ALLOW_PRIVATE_HOSTS
  value: "1"
{{- end }}
{{- if and $notify $values.webhook.existingSecret }}
- name: CLIPMILL_WEBHOOK_SECRET
  valueFrom: {secretKeyRef: {name: {{ $values.webhook.existingSecret | quote }}, key: {{ $values.webhook.key | quote }}}}
{{- end }}
{{- if and $values.vllm.enabled (eq .step "highlight") }}
- name: CLIPMILL_LLM_URL
  value: http://clipmill-vllm.{{ .root.Release.Namespace }}.svc:8000/v1
{{- end }}
{{- end }}

{{- /*
Counters of GPU seconds and of cost, from Argo's own sum over a job's pods.

Argo sums all pods of a job at each of its ends, also those that a retry kept; it has no sum of one
end alone. A job succeeds once and is never retried after that. So the label `status` is needed:
with status="Succeeded" every pod is in the counters once.
*/ -}}
{{- define "clipmill.costs" -}}
{{- $values := .root.Values -}}
{{- $gpu := $values.pools.gpu.resource -}}
{{- $key := splitList "." $gpu -}}
{{- $seconds := printf "asFloat(get(get(resourcesDuration, '%s') ?? {}, '%s') ?? 0)" (first $key) (join "." (rest $key)) -}}
{{- $status := dict "key" "status" "value" "{{workflow.status}}" -}}
{{- $labels := list (dict "key" "pipeline" "value" .name) $status | toJson -}}
{{- if $values.pools.gpu.enabled }}
- name: clipmill_job_gpu_seconds_total
  help: Seconds of a GPU that the pods of ended jobs held.
  labels: {{ $labels }}
  counter: {value: {{ printf "{{=%s}}" $seconds | quote }}}
{{- end }}
{{- if or (float64 $values.metrics.pricePerGpuHour) (float64 $values.metrics.pricePerCpuHour) }}
{{- $cpu := printf "asFloat(resourcesDuration.cpu) * %v" $values.metrics.pricePerCpuHour }}
{{- $gpuCost := printf "%s * %v" $seconds $values.metrics.pricePerGpuHour }}
- name: clipmill_job_cost_total
  help: What the pods of ended jobs cost, by their hours and the prices of the release.
  labels: {{ $labels }}
  counter: {value: {{ printf "{{=(%s + %s) / 3600}}" $cpu $gpuCost | quote }}}
{{- end }}
{{- end }}
